"""Every optimiser and schedule against PyTorch's: the parameters after each of 100 steps along the same gradients."""
import sys

import numpy as np
import torch

import parity

STEPS, LR = 100, 0.05


def sgd(**options):
    return lambda parameter: torch.optim.SGD([parameter], lr=LR, **options)


def adam(**options):
    return lambda parameter: torch.optim.Adam([parameter], lr=LR, **options)


def cosine(optimizer):
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)


def cyclic(optimizer):
    return torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, -(-STEPS // 3))


def clip(parameter):
    torch.nn.utils.clip_grad_norm_([parameter], 0.5)


def keep(parameter):
    pass


# name: (optimiser, schedule, what is done to the gradient)
OPTIMIZERS = {
    "sgd": (sgd(), None, keep),
    "sgd_momentum": (sgd(momentum=0.9), None, keep),
    "sgd_momentum_decay": (sgd(momentum=0.9, weight_decay=0.1), None, keep),
    "sgd_clipped": (sgd(), None, clip),
    "sgd_cosine": (sgd(), cosine, keep),
    "sgd_cyclic": (sgd(), cyclic, keep),
    "adam": (adam(), None, keep),
    "adam_betas_decay": (adam(betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1), None, keep),
    "adam_cosine": (adam(), cosine, keep),
}


def path(name, start, gradients):
    """The parameters after each step."""
    make_optimizer, make_schedule, prepare = OPTIMIZERS[name]
    parameter = torch.tensor(start, requires_grad=True)
    optimizer = make_optimizer(parameter)
    schedule = make_schedule(optimizer) if make_schedule else None
    steps = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        prepare(parameter)
        optimizer.step()
        if schedule:
            schedule.step()
        steps.append(parameter.detach().numpy().copy())
    return np.stack(steps)


def main(program):
    report = parity.Report()
    report.check("names", "" if sorted(OPTIMIZERS) == parity.listed(program) else "the two lists differ")
    for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-10)):
        random = np.random.default_rng(0)
        start = random.normal(size=37).astype(dtype)
        gradients = random.normal(size=(STEPS, 37)).astype(dtype)
        gradients[:, 0] = 0  # a parameter that only decay and momentum could move
        ours = parity.through(program, {"start": start, "gradients": gradients})
        for name in OPTIMIZERS:
            theirs = path(name, start, gradients)
            report.check(f"{name} {dtype.__name__}", parity.difference(ours[name], theirs, tolerance))
    report.finish("paths of 100 steps")


main(sys.argv[1])
