// The files that a program writes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nn/files/output_file.hpp"

namespace wengert::examples {

using nn::names_descriptor;
using nn::require_writable;
using nn::resolved;

/// Makes the folder, and those above it, where it is not there. Throws if no file could be written into it.
void make_folder(const std::filesystem::path& path);

/// nn::write_file, and the program's last words name the file.
void write_file(const std::filesystem::path& path, const std::string& content);

/// The paths given to write_file since the last call of this function, each once.
std::vector<std::string> take_written_files();

}  // namespace wengert::examples
