// Runs of the library in which the system refuses every request in turn.
#include <doctest/doctest.h>

#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/inspect/ask/explain.hpp"
#include "autograd/inspect/show/tape_page.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "kernels/base/parallel.hpp"
#include "kernels/base/text_stream.hpp"
#include "losses/bce.hpp"
#include "losses/correlation.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/sgd.hpp"
#include "nn/sequential.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/faults.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using namespace wengert::testing;

namespace {

using Numbers = std::vector<float>;

// On a thread of its own: its pool is empty, so that no block comes from there.
template <class Work>
void on_new_thread(const Work& work) {
  std::thread(work).join();
}

struct How {
  std::size_t most = 100'000;  // points of each source
  bool leaves_caches = false;  // what a failed attempt has taken may stay until the next one uses it
};

// Each attempt ends with the run's numbers, or with one of the engine's errors (or operator new's own) and with everything
// given back; and then the run still gives its numbers.
template <class Run>
void sweep(const std::string& what, const Run& run, How how = {}) {
  const Numbers expected = run();
  const auto attempt = [&](const Fault& fault) {
    const std::string refused = what + ", " + to_string(fault);
    CAPTURE(refused);
    std::optional<Numbers> numbers;
    std::string foreign;
    std::size_t requests = 0;
    const std::size_t live = live_allocations();
    on_new_thread([&] {
      const Injected injected(fault);
      try {
        numbers = run();
      } catch (const Error&) {
      } catch (const std::bad_alloc&) {
        if (fault.source.kind) foreign = "bad_alloc";
      } catch (const std::exception& error) {
        foreign = error.what();
      }
      requests = injected.requests();
    });
    CHECK(foreign == "");
    if (numbers) {
      CHECK(*numbers == expected);
    } else {
      CHECK((how.leaves_caches || live_allocations() == live));
      CHECK(fault.n > 0);
    }
    return requests;
  };
  attempt({sources[0], 1});  // what a process's first exception allocates for good
  on_new_thread(run);
  const std::size_t live = live_allocations();
  sweep_faults(what, how.most, attempt);
  on_new_thread([&] { CHECK(run() == expected); });
  CHECK(live_allocations() == live);
}

Numbers numbers_of(const nn::Module& module) { return module.detach().flat().to_vector(); }

struct Trial {
  struct Seeded {
    Seeded() { seed(3); }
  } first;
  Blobs data;
  Net a, b;
  Var loss() const { return losses::bce(b(data.x), data.y) + losses::inverse_l1(a.detach(), b); }
};

}  // namespace

TEST_CASE("faults: a step, eager and captured, fails whole, leaks nothing, and can be done again") {
  sweep("eager step", [] {
    const Trial trial;
    optim::SGD sgd(trial.b.parameters(), {.lr = 0.1});
    sgd.zero_grad();
    backward(trial.loss());
    sgd.step();
    return numbers_of(trial.b);
  });
  sweep("captured step", [] {
    const Trial trial;
    optim::Adam adam(trial.b.parameters(), {.lr = 0.1});
    Capture step = capture([&] {
      adam.zero_grad();
      backward(trial.loss());
      adam.step();
    });
    step.replay();
    return numbers_of(trial.b);
  });
}

TEST_CASE("faults: modules are built, moved and copied") {
  sweep("modules", [] {
    seed(1);
    nn::Sequential inner(nn::Linear(3, 2), nn::Linear(2, 2));
    nn::Sequential net(std::move(inner), nn::Linear(2, 1));
    nn::Sequential moved(std::move(net));
    const nn::Weights snapshot = moved.detach().clone();
    moved.assign(snapshot);
    return numbers_of(moved);
  });
}

TEST_CASE("faults: a file is saved whole or not at all, and loaded") {
  const TemporaryFolder folder;
  const std::string path = folder / "net.safetensors";
  seed(5);
  const Net before;
  before.save(path);
  const Numbers old = numbers_of(before);
  sweep("save and load", [&] {
    seed(6);
    const Net net, loaded;
    net.save(path);
    loaded.load(path);
    before.save(path);
    return numbers_of(loaded);
  });
  CHECK(folder.names() == std::vector<std::string>{"net.safetensors"});
}

TEST_CASE("faults: tools that look at the tape") {
  const auto look = [] {
    const Inspect inspect;
    const Trial trial;
    const Var push = losses::correlation(trial.a.detach(), trial.b, {.per = Per::model}), loss = trial.loss() + push;
    TextStream words;
    words << explain(loss, trial.b.parameters()[0]) << tape_page(loss);
    return Numbers{static_cast<float>(words.str().size())};
  };
  sweep("explain, audit and page", look, {.most = 400});
}

TEST_CASE("faults: threads that do not start") {
  struct OneThread {
    ~OneThread() { set_threads(1); }
  };
  sweep("threads of kernels", [] {
    const OneThread afterwards;
    set_threads(3);
    return sum(Tensor::ones({300'000})).to_vector();
  });
}

TEST_CASE("faults: a device's memory") {
  for (const Device device : other_devices()) {
    std::ostringstream name;
    name << "a step on " << device;
    sweep(name.str(),
          [device] {
            Trial trial;
            trial.a.to(device);
            trial.b.to(device);
            trial.data = {trial.data.x.to(device), trial.data.y.to(device)};
            optim::SGD sgd(trial.b.parameters(), {.lr = 0.1});
            backward(trial.loss());
            sgd.step();
            return numbers_of(trial.b);
          },
          {.leaves_caches = true});
  }
}

// True where it came through, false where it ended with an error.
template <class Work>
bool succeeds(const Fault& fault, std::size_t& requests, const Work& work) {
  bool done = false;
  on_new_thread([&] {
    const Injected injected(fault);
    try {
      work();
      done = true;
    } catch (const Error&) {
    } catch (const std::bad_alloc&) {
    }
    requests = injected.requests();
  });
  return done;
}

TEST_CASE("faults: a module that cannot grow refuses every use, and what it was made of keeps its numbers") {
  sweep_faults("a layer more", 100'000, [](const Fault& fault) {
    const std::string refused = to_string(fault);
    CAPTURE(refused);
    seed(2);
    nn::Linear layer(3, 3);
    const Var weight = layer.weight;
    nn::Sequential net(nn::Linear(2, 3));
    const Numbers first = net.parameters()[0].to_vector(), added = weight.to_vector();
    std::size_t requests = 0;
    const bool done = succeeds(fault, requests, [&] { net.append(std::move(layer)); });
    CHECK(weight.to_vector() == added);
    if (done || error_of([&] { (void)net.parameters(); }) == "no error") {
      CHECK(net.parameters().size() == (done ? 4 : 2));
      CHECK(net.parameters()[0].to_vector() == first);
      CHECK(numbers_of(net).size() == (done ? 21 : 9));
    }
    return requests;
  });
}

TEST_CASE("faults: a module that cannot move to a device stays where it is") {
  for (const Device device : other_devices()) {
    Net net;
    const Numbers numbers = numbers_of(net);
    const Blobs data;
    const Numbers answers = net(data.x).to_vector();
    sweep_faults("a move to a device", 100'000, [&](const Fault& fault) {
      const std::string refused = to_string(fault);
      CAPTURE(refused);
      std::size_t requests = 0;
      if (succeeds(fault, requests, [&] { net.to(device); })) net.to(Device{});
      CHECK(numbers_of(net) == numbers);
      CHECK(net(data.x).to_vector() == answers);
      backward(losses::bce(net(data.x), data.y));
      return requests;
    });
  }
}
