#include "nn/safetensors_header.hpp"

#include <nlohmann/json.hpp>

#include "autograd/inspect/show/json.hpp"
#include "nn/names.hpp"

namespace wengert::nn {
namespace {

using json = nlohmann::json;

// Takes the parser's events one by one. A tree of the header would be simpler, but the library's trees allocate where they
// are destroyed, so that a heap without memory would end the process.
class Parser final : public nlohmann::json_sax<json> {
 public:
  Header header;

  bool key(string_t& text) override {
    if (depth_ == 1) {
      in_metadata_ = text == metadata_name;
      if (!in_metadata_) header.entries.push_back({text, {}, {}, {}});
    }
    if (depth_ == 2) {
      field_ = text;
      if (!in_metadata_) forget_field();  // of two values the last counts
    }
    return true;
  }
  bool string(string_t& text) override {
    if (depth_ == 2 && in_metadata_) {
      header.metadata[field_] = text;
    } else if (depth_ == 2 && field_ == "dtype") {
      header.entries.back().dtype = text;
    }
    return other();
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (depth_ != 3 || list_ == nullptr) return other();
    if (*list_) (*list_)->push_back(number);
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ > 0) other();
    ++depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return false;
    if (depth_ == 1) {  // in place of an object
      in_metadata_ = false;
      field_.clear();
    }
    if (depth_ == 2 && !in_metadata_ && (field_ == "shape" || field_ == "data_offsets")) {
      list_ = field_ == "shape" ? &header.entries.back().shape : &header.entries.back().data_offsets;
      list_->emplace();
    } else {
      other();
    }
    ++depth_;
    return true;
  }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  // A value that is not what stands in its place in a header: no list of sizes holds it. False at the outermost level.
  bool other() {
    if (depth_ == 3 && list_ != nullptr) list_->reset();
    return depth_ > 0;
  }
  void forget_field() {
    HeaderEntry& entry = header.entries.back();
    if (field_ == "dtype") entry.dtype.reset();
    if (field_ == "shape") entry.shape.reset();
    if (field_ == "data_offsets") entry.data_offsets.reset();
  }
  bool end() {
    if (--depth_ == 2) list_ = nullptr;
    return true;
  }

  int depth_ = 0;
  bool in_metadata_ = false;
  std::string field_;                                          // the last key at depth 2
  std::optional<std::vector<std::uint64_t>>* list_ = nullptr;  // what the array at depth 3 fills
};

std::string list_text(const std::vector<std::uint64_t>& numbers) {
  std::string text = "[";
  for (const std::uint64_t number : numbers) text.append(text.size() > 1 ? "," : "").append(std::to_string(number));
  return text + "]";
}

std::string object_text(const std::map<std::string, std::string>& values) {
  std::string text = "{";
  for (const auto& [name, value] : values) {
    text.append(text.size() > 1 ? "," : "").append(json_string(name)).append(":").append(value);
  }
  return text + "}";
}

}  // namespace

std::optional<Header> parse_header(const std::string& text) {
  if (text.find('\0') != text.npos) return std::nullopt;  // where the library would take the text to end
  Parser parser;
  if (!json::sax_parse(text, &parser)) return std::nullopt;
  return std::move(parser.header);
}

std::string header_text(const Header& header) {
  std::map<std::string, std::string> values;
  for (const HeaderEntry& entry : header.entries) {
    values[entry.name] = object_text({{"dtype", json_string(*entry.dtype)},
                                      {"shape", list_text(*entry.shape)},
                                      {"data_offsets", list_text(*entry.data_offsets)}});
  }
  if (!header.metadata.empty()) {
    std::map<std::string, std::string> texts;
    for (const auto& [name, text] : header.metadata) texts[name] = json_string(text);
    values[metadata_name] = object_text(texts);
  }
  return object_text(values);
}

}  // namespace wengert::nn
