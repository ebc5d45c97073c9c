"use strict";
document.documentElement.classList.add("live");

const numbers = (element, name) => (element.getAttribute(name) || "").split(" ").filter(Boolean).map(Number);

// One tape: how many steps of backward have run, and which modules are open.
class Tape {
  constructor(section) {
    this.section = section;
    this.all = (selector) => [...section.querySelectorAll(selector)];
    this.steps = this.all(".rule");
    this.order = this.steps.map((step) => Number(step.dataset.row));
    const data = JSON.parse(section.querySelector(".data").textContent);
    this.root = data.root;
    this.senders = new Map();  // of each row, the rows that send it gradient, once for each edge
    for (const row of data.rows) {
      for (const input of row.inputs) {
        if (input.number === null || input.gradient_norm === null) continue;
        this.senders.set(input.number, [...(this.senders.get(input.number) || []), row.number]);
      }
    }
    this.inputs = new Map(data.rows.map((row) => [row.number, row.inputs.map((input) => input.number)]));
    this.slider = section.querySelector("input");
    if (!this.slider) return;
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    const moves = { first: () => 0, back: () => this.at - 1, on: () => this.after(), last: () => this.steps.length };
    for (const button of this.all("[data-move]")) button.addEventListener("click", () => this.show(moves[button.dataset.move]()));
    for (const button of this.all("[data-open]")) button.addEventListener("click", () => this.open(button.dataset.open));
    this.chooser = section.querySelector("select");
    if (this.chooser) this.chooser.addEventListener("change", () => this.open(this.chooser.value));
    for (const box of this.all(".group")) {
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", "0");
      box.addEventListener("click", () => this.open(box.dataset.group));
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.open(box.dataset.group);
      });
    }
    this.show(this.steps.length);
  }

  after() { return this.at === this.steps.length ? 0 : this.at + 1; }  // from the end it begins again

  show(step) {
    this.at = Math.max(0, Math.min(step, this.steps.length));
    const done = new Set(this.order.slice(0, this.at)), now = this.at > 0 ? this.order[this.at - 1] : 0;
    this.slider.value = this.at;
    this.section.querySelector("output").textContent = this.at === 0 ? "before backward" : `step ${this.at} of ${this.steps.length}`;
    this.section.querySelector(".start").hidden = this.at > 0;
    this.steps.forEach((item, k) => item.classList.toggle("now", k + 1 === this.at));
    for (const edge of this.all(".gradient")) {
      const readers = numbers(edge, "data-readers");
      const sent = readers.some((row) => done.has(row));
      edge.classList.toggle("ahead", !sent);
      edge.classList.toggle("now", readers.includes(now));
      edge.classList.toggle("past", sent && !readers.includes(now) && this.at < this.steps.length);
    }
    for (const box of this.all(".box")) this.mark(box, done, now);
    if (this.chooser && this.chooser.value && !this.marked()) this.open("");  // the step is elsewhere than in this module
    this.follow();
  }

  mark(box, done, now) {
    const rows = numbers(box, "data-rows");
    const senders = rows.flatMap((row) => this.senders.get(row) || []);
    const come = senders.filter((row) => done.has(row)).length;
    const seeded = rows.includes(this.root);
    box.classList.toggle("ahead", !seeded && come < senders.length);
    box.classList.toggle("now", rows.includes(now));
    box.classList.toggle("target", rows.some((row) => (this.inputs.get(now) || []).includes(row) && this.senders.has(row)));
    const text = box.querySelector(".pending");
    if (text) text.textContent = come === 0 ? "gradient -" : `${come} of ${senders.length} shares`;
  }

  open(view) {
    for (const button of this.all("[data-open]")) button.setAttribute("aria-pressed", String(button.dataset.open === view));
    for (const picture of this.all(".view")) picture.hidden = picture.dataset.view !== view;
    if (this.chooser) this.chooser.value = view === "*" ? "" : view;
    this.follow();
  }

  marked() { return this.section.querySelector(".view:not([hidden]) .box.now rect"); }

  follow() {
    const box = this.marked(), frame = this.section.querySelector(".picture");
    if (!box) return;
    const [inner, outer] = [box.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollBy(inner.left + inner.width / 2 - outer.left - outer.width / 2, inner.top + inner.height / 2 - outer.top - outer.height / 2);
  }
}

const tapes = [...document.querySelectorAll(".tape-part")].map((section) => new Tape(section)).filter((tape) => tape.slider);
let last = tapes[0];  // the one that arrow keys are for
for (const tape of tapes) {
  for (const kind of ["focusin", "pointerdown"]) tape.section.addEventListener(kind, () => { last = tape; });
}
document.addEventListener("keydown", (event) => {
  if (!last || event.target.matches("input, select") || event.altKey || event.ctrlKey || event.metaKey) return;
  const moves = { ArrowRight: () => last.after(), ArrowLeft: () => last.at - 1, Home: () => 0, End: () => last.steps.length };
  if (!(event.key in moves)) return;
  event.preventDefault();
  last.show(moves[event.key]());
});
function go() {
  const place = /^#tape-(\d+)-step-(\d+)$/.exec(location.hash), section = place && document.getElementById("tape-" + place[1]);
  const tape = tapes.find((one) => one.section === section);
  if (tape) (last = tape).show(Number(place[2]));
}
window.addEventListener("hashchange", go);
go();
