// The calls that an observer receives, and what it may do in them.
#include "autograd/observer.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/inspect/cut.hpp"
#include "autograd/inspect/watch/anomaly.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/inspect/watch/lint.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"

namespace wengert::testing {
namespace {

class Listener final : public Observer {
 public:
  void saved(const Tensor&) override { heard.emplace_back("saved"); }
  void recorded(Node& step, const Operation&) override { heard.push_back(std::string("recorded ") + step.op); }
  Ref<Tag> left_out(const Operation& operation) override {
    heard.push_back(std::string("left out ") + operation.op);
    return {};
  }
  void backward_begins(std::span<Node* const> steps) override {
    heard.push_back("backward over " + std::to_string(steps.size()));
  }
  void rule_done(Node& step) override { heard.push_back(std::string("done ") + step.op); }
  void zeroed(Node& leaf) override { heard.push_back(std::string("zeroed ") + leaf.op); }
  std::vector<std::string> heard;
};

Var ones() { return Var::parameter(Tensor::ones({2})); }

}  // namespace

TEST_CASE("an observer receives what its thread does to the tape, in order") {
  const Var x = ones();
  Listener listener;
  backward(sum(square(x)));
  x.zero_grad();
  {
    const NoGrad guard;
    (void)exp(x);
  }
  CHECK(listener.heard == std::vector<std::string>{"saved", "recorded square", "recorded sum", "backward over 2",
                                                   "done sum", "done square", "zeroed parameter", "saved",
                                                   "left out exp"});
}

TEST_CASE("an observer may destroy itself in a call") {
  struct Once final : Observer {
    explicit Once(std::unique_ptr<Once>& place) : self(place) {}
    void recorded(Node&, const Operation&) override { self.reset(); }
    std::unique_ptr<Once>& self;
  };
  std::unique_ptr<Once> once;
  once = std::make_unique<Once>(once);
  Listener listener;
  (void)square(ones());
  CHECK(!once);
  CHECK(listener.heard.size() == 2);
}

TEST_CASE("another observer's tags and notes do not replace those of an Inspect scope, and crash no tool") {
  struct Other final : Observer {
    void recorded(Node& step, const Operation&) override {
      if (!step.notes) step.notes = std::make_unique<Notes>();
      step.notes->name = "theirs";
    }
    Ref<Tag> detached(std::span<const Ref<Node>>, Where, const char*) override { return Ref<Tag>(new Tag); }
  };
  const Var x = ones();
  SUBCASE("who came before") {
    const Other other;
    CHECK(x.detach().tag());
    CHECK_FALSE(cut_of(x.detach()));
    const Anomaly anomaly;
    const Lint lint;
    CHECK(cut_of(x.detach()));
    const Var y = square(x);
    CHECK(y.node()->label() == "'theirs'");
    backward(sum(y));
  }
  SUBCASE("who came after") {
    const Anomaly anomaly;
    const Lint lint;
    const Other other;
    CHECK(cut_of(x.detach()));
    backward(sum(square(x)));
  }
  CHECK(x.grad()->to_vector() == std::vector<float>{2, 2});
}

TEST_CASE("capturing again into the same Capture replaces the step, on cpu and simt") {
  for (const Device device : {Device{}, Device::parse("simt")}) {
    const Var x = Var::parameter(Tensor::ones({2}, DType::f32, device));
    const auto step = [&] {
      x.zero_grad();
      backward(sum(square(x)));
    };
    Capture captured;
    for (int k = 0; k < 2; ++k) captured = capture(step);
    captured.replay();
    CHECK(x.grad()->to_vector() == std::vector<float>{2, 2});
  }
}

}  // namespace wengert::testing
