#include "examples/support/mnist/state.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <limits>
#include <optional>

#include "examples/support/counted.hpp"
#include "examples/support/files.hpp"
#include "examples/support/numbers.hpp"
#include "kernels/base/error.hpp"
#include "kernels/base/fnv1a.hpp"
#include "nn/safetensors.hpp"

namespace wengert::examples::mnist {
namespace {

using Path = std::filesystem::path;

constexpr const char* next_name = "next";            // int32 (2): member, epoch
constexpr const char* histories_name = "histories";  // float64 (epochs, 6): member, loss, pull, seconds, accuracy, nll
constexpr std::int64_t columns = 6;
constexpr const char* images_name = "images";  // among the texts; commits up to 9fa7a22 wrote none

Path state_file(const Path& folder) { return folder / "state.safetensors"; }

nn::Metadata deciding(const Options& options) {
  nn::Metadata result;
  for (const Setting& setting : settings(options)) {
    if (setting.decides) result[setting.name] = setting.value;
  }
  return result;
}

std::string spelled(const std::string& value) { return value.empty() ? "unset" : "'" + value + "'"; }

bool may_differ(const std::string& name) { return name == "epochs" || name == "ensemble"; }

// All options but those that may differ.
void require_same_options(const Path& file, const nn::Metadata& found, const Options& options) {
  for (const auto& [name, value] : deciding(options)) {
    const auto other = found.find(name);
    if (other == found.end()) fail(file.string(), ": this is no state of a run of mnist: it lacks '", name, "'");
    if (other->second != value && !may_differ(name)) {
      fail(file.string(), ": this is the state of a run with --", name, " ", spelled(other->second), ", not ",
           spelled(value), "; a run can be resumed only with the options it was begun with");
    }
  }
}

std::int64_t whole(const Path& file, const nn::Metadata& found, const char* name) {
  const std::optional<std::int64_t> value = parse_number<std::int64_t>(found.at(name));
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();  // as 'next' can hold
  if (!value || *value < 0 || *value > most) fail(file.string(), ": its '", name, "' is no whole number");
  return *value;
}

// Why a run cannot get other epochs than the state's; empty where it can.
std::string why_not_other_epochs(const State& state, const Options& options, std::int64_t before) {
  if (options.schedule == "cosine" || options.diversity->snapshot) {
    return fmt::format("the learning rate of {} depends at every step on the number of epochs",
                       options.diversity->snapshot ? options.diversity->name : "--schedule cosine");
  }
  const bool finished = state.epoch == 0 && state.member == 1;
  if (state.member > 0 && !finished) {
    return fmt::format("member 0 is finished after {}, and what its optimiser remembered is not kept",
                       counted(before, "epoch"));
  }
  const std::int64_t done = finished ? before : state.epoch;
  return done > options.epochs ? fmt::format("member 0 has had {} already", counted(done, "epoch")) : "";
}

// Why a run cannot get other members than the state's; empty where it can.
std::string why_not_other_members(const State& state, const Options& options) {
  const std::int64_t begun = state.member + (state.epoch > 0 ? 1 : 0);
  return begun > options.ensemble
             ? fmt::format("{} begun already", begun == 1 ? "1 member was" : fmt::format("{} members were", begun))
             : "";
}

// Makes the state one of a run with the epochs and members of the options.
void adapt(const Path& file, State& state, const Options& options, std::int64_t epochs, std::int64_t members) {
  const auto refuse = [&](const char* name, std::int64_t before, std::int64_t wanted, const std::string& why) {
    fail(file.string(), ": this is the state of a run with --", name, " ", before,
         ", which cannot be continued with --", name, " ", wanted, " to the bits of one run: ", why);
  };
  if (epochs != options.epochs) {
    const std::string why = why_not_other_epochs(state, options, epochs);
    if (!why.empty()) refuse("epochs", epochs, options.epochs, why);
    if (state.member == 1 && options.epochs > epochs) {  // member 0 was finished, and is trained further
      state.member = 0;
      state.epoch = epochs;
    }
  }
  const std::string why = why_not_other_members(state, options);
  if (!why.empty()) refuse("ensemble", members, options.ensemble, why);
}

std::vector<Path> run_files(const Path& folder) {
  std::vector<Path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (is_run_file(entry.path().filename().string())) files.push_back(entry.path());
  }
  return files;
}

bool saves_where_it_resumes(const Options& options) {
  std::error_code ignored;
  return !options.resume.empty() && std::filesystem::equivalent(options.save, options.resume, ignored);
}

Tensor tensor_of(const std::vector<History>& histories) {
  std::vector<double> numbers;
  for (std::size_t member = 0; member < histories.size(); ++member) {
    for (const auto& [training, accuracy, nll] : histories[member]) {
      numbers.insert(numbers.end(),
                     {static_cast<double>(member), training.loss, training.pull, training.seconds, accuracy, nll});
    }
  }
  return Tensor::from(numbers, {std::ssize(numbers) / columns, columns}, DType::f64);
}

// So many rows for each finished member, and for the next one as many as it has had epochs.
std::vector<History> histories_of(const Path& file, const Tensor& tensor, const State& state, std::int64_t epochs) {
  const std::int64_t rows = state.member * epochs + state.epoch;
  if (tensor.dtype() != DType::f64 || tensor.shape() != Shape{rows, columns}) {
    fail(file.string(), ": '", histories_name, "' is ", tensor.dtype(), " ", tensor.shape(), "; ", DType::f64, " ",
         Shape{rows, columns}, " was expected, a row for each epoch so far");
  }
  const std::vector<double> numbers = tensor.to_vector<double>();
  std::vector<History> result;
  for (std::int64_t k = 0; k < rows; ++k) {
    const double* const row = &numbers[static_cast<std::size_t>(k * columns)];
    const auto member = static_cast<std::size_t>(k / epochs);
    if (row[0] != static_cast<double>(member)) {
      fail(file.string(), ": row ", k, " of '", histories_name, "' is not of member ", member);
    }
    if (member == result.size()) result.emplace_back();
    result[member].push_back({{row[1], row[2], row[3]}, row[4], row[5]});
  }
  return result;
}

// Of all images and labels, in hexadecimal digits.
std::string fingerprint(const data::Dataset& data) {
  Fnv1a hash;
  for (const data::Samples* samples : {&data.train, &data.test}) {
    hash.add(samples->rows);
    hash.add(samples->columns);
    hash.add(samples->pixels.data(), samples->pixels.size());
    hash.add(samples->labels.data(), samples->labels.size());
  }
  return fmt::format("{:016x}", hash.value());
}

}  // namespace

bool is_run_file(std::string_view name) {
  constexpr std::string_view end = ".safetensors";
  if (!name.ends_with(end)) return false;
  name.remove_suffix(end.size());
  return name == "state" || (name.starts_with("member-") && parse_number<std::int64_t>(name.substr(7)));
}

Path member_file(const Path& folder, std::int64_t number) {
  return folder / fmt::format("member-{}.safetensors", number);
}

State load_state(const Options& options) {
  if (!std::filesystem::is_directory(options.resume)) {
    fail(options.resume, ": there is no such folder; a run with --save makes one");
  }
  const Path file = state_file(options.resume);
  if (!std::filesystem::exists(file)) {
    if (const std::vector<Path> found = run_files(options.resume); !found.empty()) {
      fail(file.string(), ": there is no state, and ", found.front().string(), " is of a run that cannot be continued");
    }
    if (!options.quiet) {
      std::fputs((file.string() + ": not there yet, so the run starts at its beginning\n").c_str(), stderr);
    }
    return {};
  }
  nn::TensorFile found = nn::load_file(file);
  require_same_options(file, found.metadata, options);
  const std::int64_t epochs = whole(file, found.metadata, "epochs"), members = whole(file, found.metadata, "ensemble");
  const Tensor next = nn::find_tensor(file, found.tensors, next_name, Tensor::empty({2}, DType::i32));
  State state;
  state.member = next.to_vector<std::int64_t>()[0];
  state.epoch = next.to_vector<std::int64_t>()[1];
  const bool is_between_members = state.epoch == 0 && state.member >= 0 && state.member <= members;
  const bool is_in_training = state.epoch > 0 && state.epoch < epochs && state.member >= 0 && state.member < members;
  if (!is_between_members && !is_in_training) {
    fail(file.string(), ": '", next_name, "' must be a member and an epoch of the run");
  }
  state.histories = histories_of(file, nn::find_tensor(file, found.tensors, histories_name), state, epochs);
  if (const auto images = found.metadata.find(images_name); images != found.metadata.end())
    state.images = images->second;
  adapt(file, state, options, epochs, members);
  std::ranges::copy_if(found.tensors, std::back_inserter(state.training), [](const nn::NamedTensor& tensor) {
    return tensor.name != next_name && tensor.name != histories_name;
  });
  return state;
}

void require_same_data(const Options& options, const data::Dataset& data, State& state) {
  if (options.save.empty()) return;
  const std::string here = fingerprint(data);
  if (!state.images.empty() && state.images != here) {
    fail(state_file(options.resume).string(),
         ": this is the state of a run on other images or labels; a run can be resumed only with those it was begun "
         "with");
  }
  state.images = here;
}

void require_free_folder(const Options& options) {
  if (options.save.empty() || options.overwrite || saves_where_it_resumes(options)) return;
  const std::vector<Path> found = run_files(options.save);
  if (found.empty()) return;
  fail("--save ", options.save, ": ", found.front().string(), " is of a run already; --resume ", options.save,
       " continues that one, and --overwrite replaces it");
}

void clear_folder(const Options& options) {
  if (!options.overwrite || saves_where_it_resumes(options)) return;
  std::filesystem::remove(state_file(options.save));  // first: members without a state are no run that could go on
  for (const Path& file : run_files(options.save)) std::filesystem::remove(file);
}

void save_state(const Options& options, const State& state) {
  if (options.save.empty()) return;
  std::vector<nn::NamedTensor> tensors = state.training;
  tensors.push_back({next_name, Tensor::from({state.member, state.epoch}, {2})});
  tensors.push_back({histories_name, tensor_of(state.histories)});
  nn::Metadata metadata = deciding(options);
  if (!state.images.empty()) metadata[images_name] = state.images;
  write_file(state_file(options.save), nn::file_bytes(tensors, metadata));
}

void save_member(const Options& options, const Network& network, std::int64_t number) {
  if (options.save.empty()) return;
  std::vector<nn::NamedTensor> tensors;
  for (const auto& [name, parameter] : network.named_parameters()) tensors.push_back({name, parameter.detach()});
  write_file(member_file(options.save, number), nn::file_bytes(tensors));
}

}  // namespace wengert::examples::mnist
