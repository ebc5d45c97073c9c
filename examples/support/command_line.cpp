#include "examples/support/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>

#include "examples/support/program.hpp"

namespace wengert::examples {
namespace {

// CLI11's own Range lets NaN through.
CLI::Validator finite_from(double least) {
  const bool bounded = least > std::numeric_limits<double>::lowest();
  const std::string wanted = bounded ? fmt::format("a finite number from {} on", least) : "a finite number";
  return CLI::Validator(
      [least, wanted](const std::string& text) {
        double value = 0;
        const bool ok = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= least;
        return ok ? std::string() : fmt::format("{} is not {}", text, wanted);
      },
      "");
}

CLI::Validator whole_in(std::int64_t least, std::int64_t most) {
  return CLI::Validator(
      [least, most](const std::string& text) {
        std::int64_t value = 0;
        const bool ok = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
        return ok ? std::string() : fmt::format("{} is not a whole number from {} to {}", text, least, most);
      },
      "");
}

CLI::Validator accepted_by(const std::function<void(const std::string&)>& check) {
  return CLI::Validator(
      [check](const std::string& text) {
        try {
          check(text);
          return std::string();
        } catch (const std::exception& error) {
          return std::string(error.what());
        }
      },
      "");
}

void require_name(const std::string& path) {
  if (path.empty()) throw std::runtime_error("the name is empty");
}

}  // namespace

struct CommandLine::Parser {
  Parser(const std::string& program, const std::string& purpose) : app(purpose, program) {}
  CLI::App app;
};

CommandLine::CommandLine(const std::string& program, const std::string& purpose)
    : parser_(std::make_unique<Parser>(program, purpose)) {
  parser_->app.set_help_flag("-h,--help", "Print this and exit");
  parser_->app.set_version_flag("--version", fmt::format("{} {} ({})", program, version(), build()),
                                "Print what this is and exit");
  parser_->app.get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& name, bool& value, const std::string& help) {
  parser_->app.add_flag(name, value, help)->take_last();
}

void CommandLine::whole(const std::string& name, std::int64_t& value, std::int64_t least, std::int64_t most,
                        const std::string& help) {
  parser_->app.add_option(name, value, help)
      ->type_name("N")
      ->capture_default_str()
      ->take_last()
      ->check(whole_in(least, most));
}

void CommandLine::whole(const std::string& name, std::optional<std::int64_t>& value, std::int64_t least,
                        std::int64_t most, const std::string& help) {
  parser_->app.add_option(name, value, help)->type_name("N")->take_last()->check(whole_in(least, most));
}

void CommandLine::number(const std::string& name, double& value, double least, const std::string& help) {
  parser_->app.add_option(name, value, help)
      ->type_name("X")
      ->capture_default_str()
      ->take_last()
      ->check(finite_from(least));
}

void CommandLine::number(const std::string& name, std::optional<double>& value, double least, const std::string& help) {
  parser_->app.add_option(name, value, help)->type_name("X")->take_last()->check(finite_from(least));
}

void CommandLine::choice(const std::string& name, std::string& value, const std::vector<std::string>& choices,
                         const std::string& help) {
  parser_->app.add_option(name, value, help)
      ->type_name("NAME")
      ->capture_default_str()
      ->take_last()
      ->check(CLI::IsMember(choices));
}

void CommandLine::text(const std::string& name, std::string& value,
                       const std::function<void(const std::string&)>& check, const std::string& help) {
  parser_->app.add_option(name, value, help)
      ->type_name("NAME")
      ->capture_default_str()
      ->take_last()
      ->check(accepted_by(check));
}

void CommandLine::file(const std::string& name, std::string& value, const std::string& help) {
  parser_->app.add_option(name, value, help)->type_name("FILE")->take_last()->check(accepted_by(require_name));
}

void CommandLine::folder(const std::string& name, std::string& value, const std::string& help) {
  parser_->app.add_option(name, value, help)->type_name("DIR")->take_last()->check(accepted_by(require_name));
}

void CommandLine::parse(int argc, const char* const* argv) {
  try {
    parser_->app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help or --version: CLI11 prints it
    parser_->app.exit(done);
    throw Finished{};
  } catch (const CLI::ParseError& wrong) {
    throw WrongUsage(wrong.what());
  }
}

}  // namespace wengert::examples
