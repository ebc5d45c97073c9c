// Output files: written whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace wengert::examples {

/// Throws if a file could not be written there, with the reason: asked before long work, not after it.
void require_writable(const std::filesystem::path& path);

/// Makes the folder, and those above it, where it is not there. Throws if no file could be written into it.
void make_folder(const std::filesystem::path& path);

/// Writes under a temporary name in the same folder and renames that: whoever looks sees the old file or the new one.
/// Errors: the path and the system's reason.
void write_file(const std::filesystem::path& path, const std::string& content);

}  // namespace wengert::examples
