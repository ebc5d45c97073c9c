// A program's options. CLI11 does the work, behind this header because including it takes seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/support/file_uses.hpp"

namespace wengert::examples {

/// Options are declared with the variable that they set, which holds the default until then; --help and --version come
/// by themselves. Names are written as typed: "--epochs". Numbers are those of parse_number.
class CommandLine {
 public:
  /// Of a folder: whether a file of that name in it is read or written with it.
  using Owns = bool (*)(std::string_view name);

  CommandLine(const std::string& program, const std::string& purpose);
  ~CommandLine();

  void flag(const std::string& name, bool& value, const std::string& help);
  void whole(const std::string& name, std::int64_t& value, std::int64_t least, std::int64_t most,
             const std::string& help);
  /// The same with no default of its own.
  void whole(const std::string& name, std::optional<std::int64_t>& value, std::int64_t least, std::int64_t most,
             const std::string& help);
  /// Any finite number from `least` on that a double holds.
  void number(const std::string& name, double& value, double least, const std::string& help);
  void number(const std::string& name, std::optional<double>& value, double least, const std::string& help);
  /// Where the default is empty, the program tells from the other options what it is.
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  /// A text that `check` accepts; otherwise it throws, and what it says is the message.
  void text(const std::string& name, std::string& value, const std::function<void(const std::string&)>& check,
            const std::string& help);
  void input_file(const std::string& name, std::string& value, const std::string& help);
  void output_file(const std::string& name, std::string& value, const std::string& help);
  void input_folder(const std::string& name, std::string& value, Owns owns, const std::string& help);
  void output_folder(const std::string& name, std::string& value, Owns owns, const std::string& help);

  /// Sets the variables. Throws WrongUsage, or Finished after --help and --version. Files and folders are held against
  /// each other (see require_apart).
  void parse(int argc, const char* const* argv);

  /// After parse: the program also reads such files in this folder, which no option names.
  void also_reads(const std::string& what, const std::string& folder, Owns owns) const;

  /// After parse. Throws WrongUsage if one of the options was given: "--per has no effect with --similarity none".
  void has_no_effect(std::initializer_list<const char*> names, const std::string& where) const;

 private:
  struct Parser;
  struct NamedFile {
    const std::string& path;
    FileUse use;
  };
  std::vector<FileUse> file_uses() const;
  void path(const std::string& name, std::string& value, const char* type, const std::string& help);

  std::unique_ptr<Parser> parser_;
  std::vector<NamedFile> files_;
};

}  // namespace wengert::examples
