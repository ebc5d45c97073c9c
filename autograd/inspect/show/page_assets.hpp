// The looks and the behaviour of a tape's page.
#pragma once

namespace wengert {

const char* page_style();   ///< CSS, beside tape_style()
const char* page_script();  ///< JavaScript: which step is shown, and which modules are open

}  // namespace wengert
