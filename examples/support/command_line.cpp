#include "examples/support/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>

#include "examples/support/numbers.hpp"
#include "examples/support/program.hpp"

namespace wengert::examples {
namespace {

using Check = std::function<void(const std::string&)>;

CLI::Validator accepted_by(const Check& check) {
  return CLI::Validator(
      [check](const std::string& text) {
        try {
          check(text);
          return std::string();
        } catch (const std::bad_alloc&) {
          throw;
        } catch (const std::exception& error) {
          return std::string(error.what());
        }
      },
      "");
}

Check finite_from(double least) {
  const bool bounded = least > std::numeric_limits<double>::lowest();
  const std::string wanted = bounded ? fmt::format("a finite number from {} on, within a double's range", least)
                                     : "a finite number within a double's range";
  return [least, wanted](const std::string& text) {
    const std::optional<double> value = parse_number<double>(text);
    if (!value || !std::isfinite(*value) || *value < least) {
      throw std::runtime_error(fmt::format("{} is not {}", text, wanted));
    }
  };
}

Check whole_in(std::int64_t least, std::int64_t most) {
  return [least, most](const std::string& text) {
    const std::optional<std::int64_t> value = parse_number<std::int64_t>(text);
    if (!value || *value < least || *value > most) {
      throw std::runtime_error(fmt::format("{} is not a whole number from {} to {}", text, least, most));
    }
  };
}

void require_name(const std::string& path) {
  if (path.empty()) throw std::runtime_error("the name is empty");
}

// CLI11's versions print defaults in different ways; this is one of ours.
std::string with_default(const std::string& help, const std::string& value) {
  return fmt::format("{} (default {})", help, value);
}

}  // namespace

struct CommandLine::Parser {
  Parser(const std::string& program, const std::string& purpose) : app(purpose, program) {}

  /// CLI11 hands over the text; it converts no number, since each of its versions reads other things as one.
  CLI::Option* add(const std::string& name, const char* type, const std::function<void(const std::string&)>& set,
                   const std::string& help) {
    return app.add_option_function<std::string>(name, set, help)->type_name(type)->take_last();
  }
  template <class T, class Value>
  void number(const std::string& name, const char* type, Value& value, const Check& check, const std::string& help) {
    add(
        name, type, [&value](const std::string& text) { value = parse_number<T>(text).value(); }, help)
        ->check(accepted_by(check));
  }

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
  parser_->app.add_flag(name, value, help)->take_last()->disable_flag_override();
}

void CommandLine::whole(const std::string& name, std::int64_t& value, std::int64_t least, std::int64_t most,
                        const std::string& help) {
  parser_->number<std::int64_t>(name, "N", value, whole_in(least, most), with_default(help, fmt::to_string(value)));
}

void CommandLine::whole(const std::string& name, std::optional<std::int64_t>& value, std::int64_t least,
                        std::int64_t most, const std::string& help) {
  parser_->number<std::int64_t>(name, "N", value, whole_in(least, most), help);
}

void CommandLine::number(const std::string& name, double& value, double least, const std::string& help) {
  parser_->number<double>(name, "X", value, finite_from(least), with_default(help, fmt::format("{}", value)));
}

void CommandLine::number(const std::string& name, std::optional<double>& value, double least, const std::string& help) {
  parser_->number<double>(name, "X", value, finite_from(least), help);
}

void CommandLine::choice(const std::string& name, std::string& value, const std::vector<std::string>& choices,
                         const std::string& help) {
  parser_
      ->add(
          name, "NAME", [&value](const std::string& text) { value = text; },
          value.empty() ? help : with_default(help, value))
      ->check(CLI::IsMember(choices));
}

void CommandLine::text(const std::string& name, std::string& value,
                       const std::function<void(const std::string&)>& check, const std::string& help) {
  parser_
      ->add(
          name, "NAME", [&value](const std::string& text) { value = text; }, with_default(help, value))
      ->check(accepted_by(check));
}

void CommandLine::path(const std::string& name, std::string& value, const char* type, const std::string& help) {
  parser_
      ->add(
          name, type, [&value](const std::string& text) { value = text; },
          value.empty() ? help : with_default(help, value))
      ->check(accepted_by(require_name));
}

void CommandLine::input_file(const std::string& name, std::string& value, const std::string& help) {
  path(name, value, "FILE", help);
  files_.push_back({value, {.option = name, .path = {}, .written = false}});
}

void CommandLine::output_file(const std::string& name, std::string& value, const std::string& help) {
  path(name, value, "FILE", help);
  files_.push_back({value, {.option = name, .path = {}, .written = true}});
}

void CommandLine::input_folder(const std::string& name, std::string& value, Owns owns, const std::string& help) {
  path(name, value, "DIR", help);
  files_.push_back({value, {.option = name, .path = {}, .written = false, .owns = owns}});
}

void CommandLine::output_folder(const std::string& name, std::string& value, Owns owns, const std::string& help) {
  path(name, value, "DIR", help);
  files_.push_back({value, {.option = name, .path = {}, .written = true, .owns = owns}});
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
  require_apart(file_uses());
}

std::vector<FileUse> CommandLine::file_uses() const {
  std::vector<FileUse> uses;
  for (const auto& [path, use] : files_) {
    if (path.empty()) continue;
    uses.push_back(use);
    uses.back().path = path;
  }
  return uses;
}

void CommandLine::also_reads(const std::string& what, const std::string& folder, Owns owns) const {
  std::vector<FileUse> uses = file_uses();
  uses.push_back({.option = what, .path = folder, .written = false, .owns = owns});
  require_apart(uses);
}

void CommandLine::has_no_effect(std::initializer_list<const char*> names, const std::string& where) const {
  for (const char* const name : names) {
    if (parser_->app.get_option(name)->count() > 0) throw WrongUsage(fmt::format("{} has no effect {}", name, where));
  }
}

}  // namespace wengert::examples
