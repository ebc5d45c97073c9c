#include "examples/support/mnist/ensemble.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "examples/support/counted.hpp"
#include "examples/support/ensemble/scores.hpp"
#include "examples/support/mnist/evaluation.hpp"
#include "nn/data/synthetic.hpp"
#include "nn/safetensors.hpp"

namespace wengert::examples::mnist {
namespace {

constexpr std::int64_t classes = 10;

std::unique_ptr<const Network> make_network(const Options& options, std::int64_t inputs, std::int64_t number) {
  seed(static_cast<std::uint64_t>(options.seed + number));
  std::vector<std::int64_t> sizes{inputs};
  sizes.insert(sizes.end(), static_cast<std::size_t>(options.layers), options.hidden);
  sizes.push_back(classes);
  auto network = std::make_unique<Network>(sizes);
  if (number == 0 && !options.init.empty()) network->load(options.init);
  network->to(options.device);
  return network;
}

// A member that was finished before.
std::unique_ptr<const Network> load_member(const Options& options, std::int64_t inputs, std::int64_t number) {
  auto network = make_network(options, inputs, number);
  const auto file = member_file(options.resume, number);
  const std::vector<nn::NamedTensor> tensors = nn::load_tensors(file);
  for (const auto& [name, parameter] : network->named_parameters()) {
    parameter.detach().assign(nn::find_tensor(file, tensors, name, parameter.detach()));
  }
  return network;
}

// Adds a trained member.
void freeze(const Options& options, const data::Samples& train, Ensemble& ensemble,
            std::unique_ptr<const Network> network) {
  network->freeze();
  Frozen member{std::move(network), {}};
  const bool compared = options.diversity->answers && std::ssize(ensemble.members) + 1 < options.ensemble;
  if (compared) member.answers = softmax(answers_to(train, *member.network).logits);
  ensemble.members.push_back(std::move(member));
}

void take_up(const Training& training, const std::vector<nn::NamedTensor>& before) {
  for (const auto& [name, tensor] : training.state()) tensor.assign(nn::find_tensor("the state", before, name, tensor));
}

Tested tested(const Epoch& epoch, const data::Samples& test, const Network& network) {
  const ensemble::Answers answers = ensemble::answers(answers_to(test, network).logits);
  return {epoch, ensemble::accuracy(answers, test.labels), ensemble::nll(answers, test.labels)};
}

// What one who guesses gets: the logarithm of the number of classes.
const double guessing = std::log(static_cast<double>(classes));

bool beyond_reason(const Tested& epoch) {
  constexpr double most = 100;
  return !(epoch.training.loss <= most * guessing && epoch.nll <= most * guessing);
}

// Throws Diverged, with the epoch from which on the numbers are those of no network that learns.
void require_learning(const History& history, std::int64_t number) {
  if (history.empty() || !beyond_reason(history.back())) return;
  std::size_t first = history.size();
  while (first > 0 && beyond_reason(history[first - 1])) --first;
  throw Diverged(
      fmt::format("member {} diverged in epoch {}: after {} its loss is {:.3g} and its test NLL {:.3g}, and guessing "
                  "gets {:.3g}; try "
                  "a lower --lr or --strength",
                  number, first + 1, counted(std::ssize(history), "epoch"), history.back().training.loss,
                  history.back().nll, guessing));
}

// Writes the members so far, and then the state that says they are there, into the folder of --save. What --overwrite
// replaces goes only now.
void begin_folder(const Options& options, const State& state, const Ensemble& ensemble) {
  clear_folder(options);
  if (options.save != options.resume) {
    for (std::size_t k = 0; k < ensemble.members.size(); ++k) {
      save_member(options, *ensemble.members[k].network, static_cast<std::int64_t>(k));
    }
  }
  save_state(options, state);
}

// Trains the member that the state says is next, to its end. Calls `ready` where nothing but training can fail any more.
void train_next(const Options& options, const data::Dataset& data, State& state, Ensemble& ensemble, Progress& progress,
                const std::function<void()>& ready, const AfterEpoch& after) {
  const std::int64_t number = state.member;
  auto network = make_network(options, data.train.image_size(), number);
  Training training(options, data.train, ensemble.members, *network, number);
  if (state.epoch > 0 || (options.diversity->snapshot && number > 0)) take_up(training, state.training);
  ready();
  state.training = training.state();
  state.histories.resize(static_cast<std::size_t>(number) + 1);
  History& history = state.histories.back();
  try {
    while (state.epoch < options.epochs) {
      const std::int64_t epoch = state.epoch++;
      history.push_back(tested(training.epoch(epoch, progress), data.test, *network));
      if (state.epoch < options.epochs) save_state(options, state);
      progress.wipe();
      after(history.back(), number, epoch);
    }
    require_learning(history, number);
  } catch (const Diverged& diverged) {
    ensemble.diverged = diverged.what();
    return freeze(options, data.train, ensemble, std::move(network));
  }
  save_member(options, *network, number);
  freeze(options, data.train, ensemble, std::move(network));
  ++state.member;
  state.epoch = 0;
  save_state(options, state);
}

}  // namespace

data::Dataset load_data(const Options& options) {
  if (options.dataset == "synthetic") {
    data::SyntheticOptions wanted;
    wanted.train = options.train_limit.value_or(wanted.train);
    wanted.test = options.test_limit.value_or(wanted.test);
    return data::synthetic(wanted);
  }
  data::Dataset data = data::load(options.dataset, options.data);
  if (options.train_limit) data.train = data::first(data.train, *options.train_limit);
  if (options.test_limit) data.test = data::first(data.test, *options.test_limit);
  return data;
}

Ensemble train(const Options& options, const data::Dataset& data, State state, const AfterEpoch& after) {
  Ensemble ensemble;
  for (std::int64_t k = 0; k < state.member; ++k) {
    freeze(options, data.train, ensemble, load_member(options, data.train.image_size(), k));
  }
  bool begun = false;
  const auto ready = [&] {
    if (!std::exchange(begun, true)) begin_folder(options, state, ensemble);
  };
  Progress progress(options.quiet ? Progress::Where::nowhere : Progress::Where::everywhere);
  while (state.member < options.ensemble && ensemble.diverged.empty())
    train_next(options, data, state, ensemble, progress, ready, after);
  ready();                                          // where no member was left
  state.histories.resize(ensemble.members.size());  // without epochs there are none
  ensemble.histories = std::move(state.histories);
  return ensemble;
}

std::vector<ensemble::Member> answers_of(const Ensemble& ensemble, const data::Samples& test) {
  std::vector<ensemble::Member> result;
  for (std::size_t k = 0; k < ensemble.members.size(); ++k) {
    const Network& network = *ensemble.members[k].network;
    const ImageAnswers answers = answers_to(test, network);
    ensemble::Member member{fmt::format("member {}", k), answers.logits, answers.hidden, {}, {}};
    for (const nn::Linear& layer : network.layers.list) {
      member.layers.push_back({layer.weight.detach(), layer.bias.detach()});
    }
    for (const Tested& epoch : ensemble.histories[k]) member.history.push_back({epoch.accuracy, epoch.nll});
    result.push_back(std::move(member));
  }
  return result;
}

std::string without_effect(const Options& options, const History& history, std::size_t member) {
  constexpr double least = 1e-3;
  if (!options.diversity->term || member == 0 || history.empty()) return {};
  double pull = 0;
  for (const Tested& epoch : history) pull = std::max(pull, epoch.training.pull);
  if (pull >= least) return {};
  return fmt::format(
      "{} had no effect on member {}: at the end of every epoch its gradient was at most {:.1e} of the base loss's. A "
      "--strength further from 0 than {} would change that.",
      options.diversity->name, member, pull, options.strength);
}

}  // namespace wengert::examples::mnist
