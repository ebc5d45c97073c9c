#include "bench/entrants.hpp"

#include <dlfcn.h>
#include <sys/wait.h>

#include <cstdio>
#include <sstream>

#include "bench/apart.hpp"
#include "bench/contestants/wengert.hpp"
#include "bench/stopwatch.hpp"
#include "kernels/error.hpp"

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

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (!pipe) fail("cannot run ", command);
  std::string text;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, count);
  if (const int status = pclose(pipe); status != 0) fail(command, " failed");
  return text;
}

// Its first word is the contestant's name; numbers follow.
std::vector<Entrant> from_script(const std::string& script, const Problem& problem) {
  const std::string command = script + " --problem " + problem.key();
  std::istringstream answer(output_of(command));
  std::string name;
  if (!(answer >> name)) return {};
  std::vector<float> result;
  for (std::string word; answer >> word;) result.push_back(std::stof(word));
  return {{name, [=] { return result; },
           [=](double seconds) {
             std::istringstream timed(output_of(command + " --seconds " + std::to_string(seconds)));
             std::string its_name;
             double time = 0;
             if (!(timed >> its_name >> time)) fail(script, " gave no time");
             return time;
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

std::vector<Entrant> peer_entrants(const std::string& peer, const Problem& problem) {
  if (peer.ends_with(".py")) return from_script(peer, problem);
  return entrants([peer] { return from_module(peer); }, problem);
}

}  // namespace wengert::bench
