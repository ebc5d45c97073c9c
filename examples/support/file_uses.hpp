// Files that a command line names more than once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wengert::examples {

/// A file or a folder that an option names.
struct FileUse {
  std::string option, path;
  bool written = false;
  /// Of a folder: whether a file of that name in it is read or written with it. Null for a file.
  bool (*owns)(std::string_view name) = nullptr;
};

/// Throws WrongUsage where one file would be written by two of the uses, or read by one and written by another, however
/// its name is spelled: by links (also hard ones), ./ or absolute, there or not yet. The same where a file would have to
/// be a folder for another. Standard output and standard error count as written, where they are plain files. Folders are
/// not compared with each other, and /dev/null is any number's.
void require_apart(const std::vector<FileUse>& uses);

}  // namespace wengert::examples
