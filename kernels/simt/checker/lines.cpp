#include "kernels/simt/checker/lines.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simt::detail::checker {
namespace {

using Bytes = std::span<const std::uint8_t>;

// The file of the program or library in whose code pc lies, and pc's address in that file.
struct Module {
  std::string path;
  std::uintptr_t address = 0;
};

std::optional<Module> find_module(std::uintptr_t wanted) {
  struct Search {
    std::uintptr_t pc;
    std::optional<Module> found;
  } search{wanted, std::nullopt};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto& [pc, found] = *static_cast<Search*>(data);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& part = info->dlpi_phdr[i];
          const std::uintptr_t address = pc - info->dlpi_addr;
          if (part.p_type != PT_LOAD || address - part.p_vaddr >= part.p_memsz) continue;
          found = Module{*info->dlpi_name != '\0' ? info->dlpi_name : "/proc/self/exe", address};
          return 1;
        }
        return 0;
      },
      &search);
  return search.found;
}

// A file in memory, for as long as this lives.
class File {
 public:
  explicit File(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat about {};
    if (fstat(file, &about) == 0 && about.st_size > 0) {
      void* const map = mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
      if (map != MAP_FAILED) bytes_ = {static_cast<const std::uint8_t*>(map), static_cast<std::size_t>(about.st_size)};
    }
    close(file);
  }
  ~File() {
    if (!bytes_.empty()) munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Empty if there is none, or if it is compressed.
  Bytes section(std::string_view name) const {
    const auto at = [&](std::uint64_t offset) { return bytes_.data() + offset; };
    if (bytes_.size() < sizeof(Elf64_Ehdr)) return {};
    const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(at(0));
    const auto* const sections = reinterpret_cast<const Elf64_Shdr*>(at(header.e_shoff));
    const auto* const names = reinterpret_cast<const char*>(at(sections[header.e_shstrndx].sh_offset));
    for (const Elf64_Shdr& section : std::span(sections, header.e_shnum)) {
      if (name != names + section.sh_name) continue;
      return section.sh_flags & SHF_COMPRESSED ? Bytes{} : bytes_.subspan(section.sh_offset, section.sh_size);
    }
    return {};
  }

 private:
  Bytes bytes_;
};

// Reads on through bytes that are known to be whole, as the linker wrote them.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}
  bool done() const { return bytes_.empty(); }

  template <class T>
  T read() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  Bytes take(std::size_t count) {
    const Bytes taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::string_view text() {
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()));
    take(text.size() + 1);
    return text;
  }
  std::uint64_t uleb() { return leb().value; }
  std::int64_t sleb() {
    const auto [value, bits, negative] = leb();
    return static_cast<std::int64_t>(negative && bits < 64 ? value | (~std::uint64_t{0} << bits) : value);
  }

 private:
  struct Leb {
    std::uint64_t value;
    unsigned bits;
    bool negative;  // if it is signed
  };
  Leb leb() {
    std::uint64_t value = 0;
    for (unsigned bits = 0;;) {
      const auto byte = read<std::uint8_t>();
      value |= std::uint64_t{byte & 0x7fu} << bits;
      bits += 7;
      if (byte < 0x80) return {value, bits, (byte & 0x40) != 0};
    }
  }

  Bytes bytes_;
};

// The line table of one compiled file: DWARF version 4, section 6.2. Its program is run until a row holds the address.
class LineTable {
 public:
  explicit LineTable(Reader unit) : program_({}) {
    Reader header(unit.take(unit.read<std::uint32_t>()));
    instruction_ = header.read<std::uint8_t>();
    header.take(1);  // operations per instruction, for machines that have several
    header.take(1);  // whether a row begins a statement
    line_base_ = header.read<std::int8_t>();
    line_range_ = header.read<std::uint8_t>();
    opcode_base_ = header.read<std::uint8_t>();
    operands_ = header.take(opcode_base_ - 1u);
    for (std::string_view text = header.text(); !text.empty(); text = header.text()) folders_.push_back(text);
    for (std::string_view text = header.text(); !text.empty(); text = header.text()) {
      files_.push_back({text, header.uleb()});
      header.uleb();  // time
      header.uleb();  // length
    }
    program_ = unit;
  }

  std::optional<Source> find(std::uintptr_t address) {
    while (!program_.done()) {
      const auto opcode = program_.read<std::uint8_t>();
      if (opcode >= opcode_base_) {
        const unsigned both = opcode - opcode_base_;
        now_.address += both / line_range_ * instruction_;
        now_.line += line_base_ + static_cast<int>(both % line_range_);
        if (row(address)) return source();
      } else if (opcode == 0 ? extended(address) : standard(opcode, address)) {
        return source();
      }
    }
    return std::nullopt;
  }

 private:
  struct Row {
    std::uint64_t address = 0, file = 1;
    std::int64_t line = 1;
  };
  struct FileName {
    std::string_view name;
    std::uint64_t folder;
  };

  // A row ends the one before it. Code that the linker dropped is left at address 0.
  bool row(std::uintptr_t address) {
    if (inside_ && last_.address <= address && address < now_.address && start_ != 0) return true;
    if (!inside_) start_ = now_.address;
    inside_ = true;
    last_ = now_;
    return false;
  }

  bool extended(std::uintptr_t address) {
    enum { end_sequence = 1, set_address = 2 };
    Reader operation(program_.take(program_.uleb()));
    const auto opcode = operation.read<std::uint8_t>();
    if (opcode == set_address) now_.address = operation.read<std::uint64_t>();
    if (opcode != end_sequence) return false;
    if (row(address)) return true;
    now_ = {};
    inside_ = false;
    return false;
  }

  bool standard(std::uint8_t opcode, std::uintptr_t address) {
    enum { copy = 1, advance_pc, advance_line, set_file, const_add_pc = 8, fixed_advance_pc };
    switch (opcode) {
      case copy:
        return row(address);
      case advance_pc:
        now_.address += program_.uleb() * instruction_;
        return false;
      case advance_line:
        now_.line += program_.sleb();
        return false;
      case set_file:
        now_.file = program_.uleb();
        return false;
      case const_add_pc:
        now_.address += (255u - opcode_base_) / line_range_ * instruction_;
        return false;
      case fixed_advance_pc:
        now_.address += program_.read<std::uint16_t>();
        return false;
      default:
        for (int i = 0; i < operands_[opcode - 1u]; ++i) program_.uleb();
        return false;
    }
  }

  Source source() const {
    static std::set<std::string, std::less<>> paths;  // they outlive the error that names them
    const FileName& file = files_.at(last_.file - 1);
    std::string path(file.name);
    if (path.front() != '/' && file.folder != 0) path = std::string(folders_.at(file.folder - 1)) + "/" + path;
    return {paths.insert(path).first->c_str(), static_cast<int>(last_.line)};
  }

  Reader program_;
  std::uint8_t instruction_, line_range_, opcode_base_;
  std::int8_t line_base_;
  Bytes operands_;
  std::vector<std::string_view> folders_;
  std::vector<FileName> files_;
  Row now_, last_;
  std::uint64_t start_ = 0;
  bool inside_ = false;
};

}  // namespace

Source find_line(std::uintptr_t pc) {
  const std::optional<Module> module = find_module(pc);
  if (!module) return {};
  const File file(module->path);
  Reader tables(file.section(".debug_line"));
  while (!tables.done()) {
    const auto length = tables.read<std::uint32_t>();
    if (length == 0xffffffff) return {};  // DWARF of 64 bits, which no compiler here writes
    Reader unit(tables.take(length));
    if (unit.read<std::uint16_t>() != 4) continue;
    if (const std::optional<Source> source = LineTable(unit).find(module->address)) return *source;
  }
  return {};
}

}  // namespace simt::detail::checker
