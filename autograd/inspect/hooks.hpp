// Whether the engine has the places where an Inspect scope takes hold.
#pragma once

namespace wengert {

/// Always true, but in the build without them by which tests/house/inspect_cost.sh counts what they cost a program that
/// uses none.
#ifdef WENGERT_WITHOUT_INSPECT
inline constexpr bool has_inspect = false;
#else
inline constexpr bool has_inspect = true;
#endif

}  // namespace wengert
