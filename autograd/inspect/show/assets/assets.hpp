// The files in this folder, as strings (.cmake/embed.cmake).
#pragma once

namespace wengert::assets {

extern const char *const tape_css, *const page_css;  ///< of a drawn tape; of a tape's page, beside it
extern const char* const page_js;                    ///< which step is shown, and which modules are open

}  // namespace wengert::assets
