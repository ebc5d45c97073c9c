// The combining functions of the warp's collectives.
#pragma once
