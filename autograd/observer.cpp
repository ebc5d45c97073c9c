#include "autograd/observer.hpp"

namespace wengert {

Observer::Observer(Turn turn) {
  Observer** link = &first_;
  while (turn == Turn::last && *link) link = &(*link)->next_;
  next_ = *link;
  *link = this;
}

Observer::~Observer() {
  Observer** link = &first_;
  while (*link && *link != this) link = &(*link)->next_;
  if (*link) *link = next_;
}

}  // namespace wengert
