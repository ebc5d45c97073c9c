#include "bench/entrants.hpp"

#include <dlfcn.h>

#include <optional>
#include <sstream>

#include "bench/apart.hpp"
#include "bench/contestants/wengert.hpp"
#include "bench/stopwatch.hpp"
#include "examples/support/numbers.hpp"
#include "kernels/base/error.hpp"

namespace wengert::bench {
namespace {

// Called in the child alone: what is loaded there is gone with it.
using Contestants = std::function<std::vector<Contestant>()>;

std::unique_ptr<Run> start(const Contestants& contestants, const std::string& name, const Problem& problem) {
  for (const Contestant& contestant : contestants()) {
    if (contestant.name == name) return contestant.start(problem);
  }
  fail("no contestant is called ", name);
}

std::vector<Entrant> entrants(const Contestants& contestants, const Problem& problem) {
  const std::string names = bytes_from_apart([&] {
    std::string text;
    for (const Contestant& contestant : contestants()) {
      if (contestant.start(problem)) text += contestant.name + "\n";
    }
    return text;
  });
  std::vector<Entrant> result;
  std::istringstream lines(names);
  for (std::string name; std::getline(lines, name);) {
    result.push_back({name,
                      [=] {
                        return apart<float>([&] {
                          const std::unique_ptr<Run> run = start(contestants, name, problem);
                          for (int step = 0; step < 5; ++step) run->step();
                          return run->result();
                        });
                      },
                      [=](double seconds) {
                        return apart<double>([&]() -> std::vector<double> {
                                 const std::unique_ptr<Run> run = start(contestants, name, problem);
                                 return {bench::step_time(seconds, [&] { run->step(); })};
                               })
                            .at(0);
                      }});
  }
  return result;
}

std::vector<Contestant> from_module(const std::string& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  void* const enter = dlsym(library, "wengert_bench_contestants");
  if (!enter) fail(file, " exports no contestants");
  std::vector<Contestant> contestants;
  reinterpret_cast<decltype(&wengert_bench_contestants)>(enter)(contestants);
  return contestants;
}

// Its first word is the contestant's name; numbers follow.
std::vector<Entrant> from_script(std::vector<std::string> command, const Problem& problem) {
  const std::string script = command.back();
  const auto number = [=]<class T>(const std::string& word, T) {
    const std::optional<T> value = examples::parse_number<T>(word);
    if (!value) fail(script, " printed '", word, "', which is no number");
    return *value;
  };
  command.insert(command.end(), {"--problem", problem.key()});
  std::istringstream answer(output_of(command));
  std::string name;
  if (!(answer >> name)) return {};
  std::vector<float> result;
  for (std::string word; answer >> word;) result.push_back(number(word, float{}));
  return {{name, [=] { return result; },
           [=](double seconds) {
             std::vector<std::string> timing = command;
             timing.insert(timing.end(), {"--seconds", std::to_string(seconds)});
             std::istringstream timed(output_of(timing));
             std::string its_name, time;
             if (!(timed >> its_name >> time)) fail(script, " gave no time");
             return number(time, double{});
           }}};
}

}  // namespace

std::vector<Entrant> own_entrants(const Problem& problem) {
  const auto contestants = [] {
    std::vector<Contestant> own;
    add_wengert(own);
    add_limits(own);
    return own;
  };
  return entrants(contestants, problem);
}

std::vector<Entrant> peer_entrants(const std::vector<std::string>& peer, const Problem& problem) {
  if (peer.size() > 1) return from_script(peer, problem);
  return entrants([file = peer.front()] { return from_module(file); }, problem);
}

}  // namespace wengert::bench
