// Graphs, captures and random numbers that several threads use.
#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/inspect/ask/gradients.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/record.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::error_of;
using testing::fails_with;

namespace {

Var parameter() { return named("w", Var::parameter(Tensor::from({1., 2., 3.}, {3}))); }

std::vector<float> gradient(const Var& w) { return w.grad() ? w.grad()->to_vector() : std::vector<float>{}; }

template <class Action>
void on_another_thread(const Action& action) {
  std::thread(action).join();
}

/// A backward that stands still in the middle until it is let go.
class Halted {
 public:
  explicit Halted(const Var& x)
      : loss_(record(
            "halt", Tensor::ones({}),
            [this](const Tensor&, const Sinks&) {
              inside_.count_down();
              go_on_.wait();
            },
            x)),
        thread_([this] { error_ = error_of([this] { backward(loss_, {.retain_graph = true}); }); }) {
    inside_.wait();
  }
  /// The error of its backward.
  std::string finish() {
    go_on_.count_down();
    thread_.join();
    return error_;
  }
  const Var& loss() const { return loss_; }

 private:
  std::latch inside_{1}, go_on_{1};
  std::string error_;
  Var loss_;
  std::thread thread_;
};

constexpr const char* elsewhere = "another thread's backward is running over";

}  // namespace

TEST_CASE("a retained graph runs backward on another thread, whatever either did before") {
  for (const int earlier : {0, 1, 5}) {
    const Var w = parameter(), loss = sum(square(w));
    backward(loss, {.retain_graph = true});
    w.zero_grad();
    on_another_thread([&] {
      for (int i = 0; i < earlier; ++i) backward(sum(parameter()));
      backward(loss, {.retain_graph = true});
    });
    CHECK(gradient(w) == std::vector<float>{2, 4, 6});
    backward(loss);
    CHECK(gradient(w) == std::vector<float>{4, 8, 12});
  }
}

TEST_CASE("a step's number is above those of its inputs, whichever threads recorded them") {
  const Var w = parameter();
  Var y = w;
  const auto record_some = [&] {
    for (int i = 0; i < 3; ++i) {
      const Var before = y;
      y = y + w;
      if (!before.node()->is_leaf) CHECK(y.node()->sequence > before.node()->sequence);
    }
  };
  for (int turn = 0; turn < 100; ++turn) {
    record_some();
    on_another_thread(record_some);
  }
  backward(sum(y));
  CHECK(gradient(w) == std::vector<float>{601, 601, 601});
}

TEST_CASE("a second backward over a graph, at the same time, is an error that names the place") {
  const Var w = parameter(), trunk = square(w), other = sum(trunk * trunk), apart = sum(exp(w));
  Halted halted(trunk);
  CHECK(fails_with([&] { backward(halted.loss()); }, elsewhere, "halt"));
  CHECK(fails_with([&] { backward(other); }, elsewhere, "square", "(3,)"));
  CHECK(fails_with([&] { backward(apart); }, elsewhere, "'w'"));
  CHECK(fails_with([&] { (void)gradients(apart, std::vector<Var>{w}); }, elsewhere, "'w'"));
  CHECK(fails_with([&] { (void)gradients(sum(parameter()), std::vector<Var>{w}); }, elsewhere, "'w'"));
  backward(sum(parameter()));  // is no matter to it
  CHECK(halted.finish() == "no error");
  backward(other, {.retain_graph = true});  // what failed left no mark
  CHECK(gradient(w) == std::vector<float>{4, 32, 108});
  backward(other);
  CHECK(gradient(w) == std::vector<float>{8, 64, 216});
}

TEST_CASE("a frozen parameter may be in several threads' graphs") {
  const Var w = parameter(), frozen = parameter();
  frozen.node()->frozen = true;
  Halted halted(w + frozen);
  const Var v = parameter();
  backward(sum(v * frozen));
  CHECK(gradient(v) == std::vector<float>{1, 2, 3});
  CHECK(halted.finish() == "no error");
}

TEST_CASE("two threads that share a trunk, as fast as they can: each gradient is right, or there is an error") {
  const Var w = parameter();
  std::atomic<int> done = 0;
  const Var trunk = square(w);
  const auto work = [&] {
    for (int i = 0; i < 2000; ++i) {
      const Var loss = sum(trunk);
      const std::string error = error_of([&] { backward(loss, {.retain_graph = true}); });
      if (error == "no error") ++done;
      if (error != "no error" && error.find(elsewhere) == std::string::npos) done = -1'000'000;
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(done > 0);
  const auto times = static_cast<float>(done);
  CHECK(gradient(w) == std::vector<float>{2 * times, 4 * times, 6 * times});
}

TEST_CASE("a capture refuses what another thread recorded, before it or meanwhile") {
  const Var w = parameter();
  const auto capture_over = [&](const Var& trunk) { return error_of([&] { capture([&] { backward(sum(trunk)); }); }); };
  Var trunk;
  SUBCASE("before it, on this thread") { trunk = square(w); }
  SUBCASE("before it, on another thread") {
    on_another_thread([&] {
      for (int i = 0; i < 5; ++i) trunk = square(w);
    });
  }
  SUBCASE("and the capture on another thread") {
    trunk = square(w);
    std::string text;
    on_another_thread([&] { text = capture_over(trunk); });
    CHECK(text.find("recorded before the capture began or by another thread") != std::string::npos);
  }
  const std::string text = capture_over(trunk);
  CHECK(text.find("square") != std::string::npos);
  CHECK(text.find("recorded before the capture began or by another thread") != std::string::npos);
  CHECK(fails_with(
      [&] {
        capture([&] {
          on_another_thread([&] { trunk = square(w); });
          backward(sum(trunk));
        });
      },
      "square", "by another thread"));
  CHECK_FALSE(w.grad().has_value());
}

TEST_CASE("each thread's random numbers begin as after seed(0), and are its own once it has called seed") {
  std::vector<float> unseeded, other, seeded, one;
  on_another_thread([&] { unseeded = rand({8}).to_vector(); });
  on_another_thread([&] { other = rand({8}).to_vector(); });
  on_another_thread([&] {
    seed(0);
    seeded = rand({8}).to_vector();
  });
  on_another_thread([&] {
    seed(1);
    one = rand({8}).to_vector();
  });
  CHECK(unseeded == other);
  CHECK(unseeded == seeded);
  CHECK(unseeded != one);
}
