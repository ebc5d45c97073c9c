// Files that are written whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace wengert::nn {

/// Where writing to the path leads: absolute, through links, also through one whose target is not there yet. Error: no
/// file can be there, with the system's reason.
std::filesystem::path resolved(const std::filesystem::path& path);

/// Whether the path names one of the process's open files, as /dev/stdout does, rather than a file by its own name.
bool names_descriptor(const std::filesystem::path& path);

/// Throws if a file could not be written there, with the reason: asked before long work, not after it.
void require_writable(const std::filesystem::path& path);

/// Writes under a temporary name in the same folder and renames that: whoever looks sees the old file or the new one,
/// which has the old one's permissions.
/// What is no plain file, such as /dev/stdout, a pipe or a terminal, gets the content as it is. Errors: the path and the
/// system's reason.
void write_file(const std::filesystem::path& path, const std::string& content);

}  // namespace wengert::nn
