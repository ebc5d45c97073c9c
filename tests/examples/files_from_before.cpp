// Files that commit 9fa7a22 (29 Nov 2026) wrote: they are read, and a run that it left half done is finished.
//
// model.safetensors and sequential.safetensors are what Module::save wrote of the models below. The folder mnist is what
// `mnist OPTIONS --save` had left when it was killed in the second epoch of two members of four; finished-member-1 is what
// the same program, never killed, came to.
#include <doctest/doctest.h>

#include <filesystem>

#include "nn/activation.hpp"
#include "nn/linear.hpp"
#include "nn/safetensors.hpp"
#include "nn/sequential.hpp"
#include "tests/examples/running.hpp"

using namespace wengert;
using namespace wengert::tests;

namespace {

namespace fs = std::filesystem;

const fs::path before = WENGERT_ROOT "/tests/examples/from_9fa7a22";
using Numbers = std::vector<float>;

}  // namespace

TEST_CASE("files from before: a model is loaded to the numbers that it had") {
  struct Block : nn::Module {
    nn::Linear first = add("first", nn::Linear(2, 3));
    Var scale = add("scale", Tensor::from({0., 0.}, {2}));
  };
  struct Net : nn::Module {
    Block low = add("low", Block());
    nn::Sequential high = add("high", nn::Sequential(nn::Linear(3, 2), nn::ReLU(), nn::Linear(2, 1)));
  };
  const Net net;
  net.load(before / "model.safetensors");
  const nn::Weights weights = net.detach();
  CHECK(weights["low.first.weight"].to_vector() ==
        Numbers{0.55190974f, 0.55816835f, 0.121234715f, 0.29877812f, 0.24324226f, 0.52907413f});
  CHECK(weights["low.first.bias"].to_vector() == Numbers{-0.35722834f, 0.079903364f, 0.30141085f});
  CHECK(weights["low.scale"].to_vector() == Numbers{0.1f, -2});
  CHECK(weights["high.0.weight"].to_vector() ==
        Numbers{-0.39227694f, -0.23604694f, -0.45732084f, -0.2766763f, -0.06305927f, -0.43737167f});
  CHECK(weights["high.0.bias"].to_vector() == Numbers{-0.022294521f, -0.03756392f});
  CHECK(weights["high.2.weight"].to_vector() == Numbers{0.36433882f, -0.655426f});
  CHECK(weights["high.2.bias"].to_vector() == Numbers{-0.35671666f});
}

TEST_CASE(
    "files from before: Sequential(Sequential(...)), whose names lack the outer 0, is loaded where they have it") {
  const auto inner = [] { return nn::Sequential(nn::Linear(2, 2), nn::ReLU(), nn::Linear(2, 1)); };
  const nn::Sequential flat = inner();
  nn::Sequential nested;
  nested.append(inner());
  CHECK(nested.named_parameters().front().name == "0.0.weight");
  for (const nn::Sequential* const net : {&flat, static_cast<const nn::Sequential*>(&nested)}) {
    net->load(before / "sequential.safetensors");
    CHECK(net->detach().flat().to_vector() == Numbers{-0.31556416f, 0.084013164f, -0.37303072f, 0.5162167f, 0.16826177f,
                                                      0.25209194f, 0.49685782f, 0.58226293f, -0.39739615f});
  }
}

// The bits of a run depend on the processor that it was compiled for. So the result has to be that of before but for
// rounding, and the bits of a run from its beginning wherever this build computes the first member's bits of before.
TEST_CASE("files from before: mnist finishes a run that was begun before") {
  const TemporaryFolder folder;
  fs::copy(before / "mnist", folder / "resumed");
  const std::string mnist =
      "'" WENGERT_PROGRAMS
      "/mnist' --quiet --dataset synthetic --train-limit 200 --test-limit 20 --batch 16 --hidden 4 "
      "--epochs 4 --ensemble 2 --schedule cosine --diversity inverse-l1 ";
  const Outcome resumed = run(folder, mnist + "--resume resumed");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(lines(resumed.out).size() == 3);
  const auto file = [&](const char* name) { return read(folder / name); };
  CHECK(file("resumed/member-0.safetensors") == read((before / "mnist/member-0.safetensors").string()));

  const auto got = nn::load_tensors(folder / "resumed/member-1.safetensors"),
             wanted = nn::load_tensors(before / "finished-member-1.safetensors");
  REQUIRE(got.size() == wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    CHECK(got[k].name == wanted[k].name);
    const Numbers ours = got[k].tensor.to_vector(), theirs = wanted[k].tensor.to_vector();
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) REQUIRE(ours[i] == doctest::Approx(theirs[i]).epsilon(1e-3));
  }

  const Outcome alone = run(folder, mnist + "--save alone");
  REQUIRE_MESSAGE(alone.code == 0, alone.err);
  const bool same_bits = file("alone/member-0.safetensors") == file("resumed/member-0.safetensors");
  MESSAGE("the bits of 9fa7a22: " << same_bits);
  if (!same_bits) return;
  CHECK(alone.out == resumed.out);
  CHECK(file("alone/member-1.safetensors") == file("resumed/member-1.safetensors"));
}
