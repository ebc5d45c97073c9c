// What every program here has around it: errors on one line, exit codes, Ctrl-C.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace wengert::examples {

/// Thrown where the command line is at fault: exit code 2.
struct WrongUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Thrown where there is nothing left to do, as after --help: exit code 0.
struct Finished {};
/// Thrown by stop_if_interrupted: exit code 130.
struct Interrupted {
  std::string way_on = {};  ///< how the run can be continued; empty where it cannot
};

/// Runs `body` and gives main's exit code: 0 done; 1 an error, said in one line on standard error that begins with the
/// program's name; 2 wrong usage; 130 interrupted (129 by SIGHUP, 143 by SIGTERM). Output that could not be written is an
/// error too. However it ends, a line "wrote FILE" on standard error names each file that write_file has written.
int run_program(const std::string& name, const std::function<void()>& body);

/// The same for a program without options of its own: --help and --version are there all the same.
int run_program(int argc, char** argv, const std::string& name, const std::string& purpose, void (*body)());

/// While one lives, Ctrl-C, SIGTERM and SIGHUP only ask to stop, at a place where nothing is left half done; a fourth one
/// kills. What was ignored before stays ignored.
class CatchInterrupt {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] CatchInterrupt();
  ~CatchInterrupt();
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;
};

/// Throws Interrupted if Ctrl-C was pressed since the CatchInterrupt began.
void stop_if_interrupted();

std::string version();  ///< "0.1.0"
std::string build();    ///< the compiler and the build type

}  // namespace wengert::examples
