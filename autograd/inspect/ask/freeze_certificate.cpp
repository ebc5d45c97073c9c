#include "autograd/inspect/ask/freeze_certificate.hpp"

#include <typeinfo>

#include "autograd/capture.hpp"
#include "autograd/recorder.hpp"
#include "kernels/base/fnv1a.hpp"
#include "kernels/base/text_stream.hpp"
#include "kernels/devices/registry.hpp"

namespace wengert {
namespace {

std::uint64_t hash_of(const Tensor& x) {
  const Tensor here = x.to(Device{});
  Fnv1a hash;
  hash.add(here.data<char>(), static_cast<std::size_t>(here.numel()) * size_of(here.dtype()));
  return hash.value();
}

// In a user's words, as far as the engine knows: copying into a tensor is what assign does, whoever calls it.
std::string name_of(const std::type_info& writer) {
  if (writer == typeid(Capture)) return "the replay of a captured step";
  if (writer == typeid(Tensor)) return "an assign from another device";
  const std::string kernel = kernels::detail::readable(writer.name());
  const std::string name = kernel.substr(0, kernel.find('<'));
  if (name == "copy") return "an assign";
  if (name == "sgd" || name == "adam") return "a step of the optimiser " + name;
  return "the kernel " + kernel;
}

std::string times(std::uint64_t count) {
  return count == 1 ? "the one write since" : "the last of " + std::to_string(count).append(" writes since");
}

}  // namespace

FreezeCertificate::FreezeCertificate(const std::vector<Var>& parameters) {
  refuse_in_capture("a freeze certificate");
  if (parameters.empty()) fail("freeze certificate: there are no parameters");
  require_all_defined("freeze certificate", "parameter", parameters);
  Fnv1a all;
  for (const Var& parameter : parameters) {
    const Tensor value(Operand(parameter).value.storage(), parameter.shape());
    const std::string* const name = value.storage()->name.get();
    Entry entry{name ? *name : "parameter " + std::to_string(entries_.size()), value, hash_of(value), {}};
    for (Ref<Storage> storage = value.storage(); storage; storage = storage->whole) {
      entry.write_counts.push_back({storage, storage->writes, storage->part_writes()});
    }
    all.add(entry.name.data(), entry.name.size() + 1);  // with the 0 that ends it
    all.add(static_cast<std::int64_t>(value.dtype()));
    for (const std::int64_t size : value.shape()) all.add(size);
    all.add(static_cast<std::int64_t>(entry.hash));
    entries_.push_back(std::move(entry));
  }
  hash_ = all.value();
}

// From the inside out: the parameter's own handles and views that overlap it, then the buffers that it lies in, each
// written as a whole.
std::string FreezeCertificate::writer_of(const Entry& entry) {
  const WriteCount& own = entry.write_counts.front();
  const std::uint64_t here = own.storage->writes + own.storage->part_writes() - own.writes - own.part_writes;
  if (here > 0) return name_of(*own.storage->last_writer) + ", " + times(here);
  for (const WriteCount& place : entry.write_counts) {
    const std::uint64_t writes = place.storage->writes - place.writes;
    const std::string last = place.storage->last_writer ? name_of(*place.storage->last_writer) : "";
    if (writes > 0) return last + ", " + times(writes) + " to all parameters as one";
  }
  return "no write that the engine knows of: through a raw pointer, or by a stray one";
}

std::vector<FreezeCertificate::Moved> FreezeCertificate::moved() const {
  refuse_in_capture("a freeze certificate");
  std::vector<Moved> result;
  for (const Entry& entry : entries_) {
    if (hash_of(entry.value) != entry.hash) result.push_back({entry.name, writer_of(entry)});
  }
  return result;
}

void FreezeCertificate::verify() const {
  const std::vector<Moved> all = moved();
  if (all.empty()) return;
  TextStream text;
  text << "the frozen parameters moved: ";
  for (const Moved& one : all) text << (&one == all.data() ? "" : "; ") << "'" << one.parameter << "' by " << one.by;
  fail(text.str(), ". What is to stay is a clone(), or is written by nothing");
}

}  // namespace wengert
