#include "autograd/inspect/show/tape_json.hpp"

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/json.hpp"
#include "autograd/inspect/tape.hpp"

namespace wengert {
namespace {

// "key": value, with what separates it from the one before.
class Members {
 public:
  Members& add(const char* key, const std::string& json) {
    text_.append(text_.empty() ? "" : ", ").append(json_string(key)).append(": ").append(json);
    return *this;
  }
  Members& add(const char* key, bool value) { return add(key, std::string(value ? "true" : "false")); }
  Members& add(const char* key, std::size_t value) { return add(key, std::to_string(value)); }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <class List, class Json>
std::string list_of(const List& items, const Json& json_of, const char* between = ", ") {
  std::string text;
  for (const auto& item : items) text.append(text.empty() ? "" : between).append(json_of(item));
  return "[" + text + "]";
}

std::string shape_json(const Shape& shape) {
  return list_of(shape, [](std::int64_t size) { return std::to_string(size); });
}

class Writer {
 public:
  Writer(const Tape& tape, const TapeJsonOptions& options) : tape_(tape), options_(options) {}

  std::string row(const Tape::Row& row) const {
    const Where where = row.where();
    const std::optional<Shape> shape = row.shape();
    const std::optional<std::size_t> kept = tape_.kept_bytes(row);
    const bool typed = row.node || row.value.defined();
    Members members;
    members.add("number", row.number).add("op", json_string(row.op())).add("name", json_string(row.name()));
    members.add("cut", row.cut != nullptr).add("behind_cut", row.behind_cut);
    members.add("leaf", row.node && row.node->is_leaf).add("frozen", row.node && row.node->frozen);
    members.add("file", where.line == 0 ? "null" : json_string(where.file));
    members.add("line", where.line == 0 ? "null" : std::to_string(where.line));
    members.add("dtype",
                typed ? json_string(wengert::name_of(row.node ? row.node->dtype : row.value.dtype())) : "null");
    members.add("shape", shape ? shape_json(*shape) : "null");
    add_numbers(members, "value", row.value);
    add_numbers(members, "gradient", row.gradient().value_or(Tensor()));
    members.add("kept_bytes", kept ? std::to_string(*kept) : "null");
    members.add("readers", list_of(tape_.readers(row), [](std::size_t reader) { return std::to_string(reader); }));
    members.add("inputs", list_of(tape_.inputs(row), [&](const Tape::Input& one) { return input(one); }));
    return members.object();
  }

 private:
  std::string input(const Tape::Input& input) const {
    Members members;
    members.add("number", input.number == 0 ? "null" : std::to_string(input.number));
    members.add("name", json_string(input.number == 0 ? name_of(input.value) : tape_.row(input.number).name()));
    members.add("shape", input.value.defined() ? shape_json(input.value.shape()) : "null");
    add_numbers(members, "value", input.value);
    add_numbers(members, "gradient", input.share);
    return members.object();
  }

  void add_numbers(Members& members, const std::string& key, const Tensor& x) const {
    const bool listed = x.defined() && x.numel() <= options_.most_numbers;
    members.add(key.c_str(), listed ? json_numbers(x) : "null");
    members.add((key + "_norm").c_str(), x.defined() ? json_number(norm_of(x)) : "null");
  }

  const Tape& tape_;
  const TapeJsonOptions& options_;
};

}  // namespace

std::string tape_json(const Var& root, const TapeJsonOptions& options) {
  const Tape tape(root);
  const Writer writer(tape, options);
  Members members;
  members.add("root", root.node() ? std::to_string(tape.number(*root.node())) : "null");
  members.add("kept_bytes", tape.kept_bytes());
  members.add("rows", list_of(
                          tape.rows(), [&](const Tape::Row& row) { return writer.row(row); }, ",\n"));
  return members.object() + "\n";
}

}  // namespace wengert
