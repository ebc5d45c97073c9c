#include "kernels/base/dtype.hpp"

#include <ostream>

#include "kernels/base/error.hpp"

namespace wengert {

std::ostream& operator<<(std::ostream& out, DType type) { return out << name_of(type); }

void refuse_int32(const char* op) { fail(op, ": takes float32 or float64, got int32; convert with .to(DType::f32)"); }

}  // namespace wengert
