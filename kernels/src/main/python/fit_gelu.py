"""
Derives the polynomial of the device's GELU, io.github.tornadovit.kernels.linear.TornadoEpilogue.

gelu(x) = x Phi(x), and Phi(-a) = exp(-r(a)) for a >= 0. An error d of r makes one of a Phi(-a) d in gelu, so r is the
polynomial that comes closest to -ln Phi(-a) with the weight a Phi(-a) in the maximum norm, by Remez's exchange (E. Remez,
Comptes Rendus 199, 1934). The coefficients are rounded to float32 and the error of gelu in float32 is measured.

    python3 fit_gelu.py         prints the coefficients and the errors
    python3 fit_gelu.py FILE    fails if FILE, the kernel's source, has other coefficients

Needs numpy alone.
"""

import math
import re
import sys

import numpy

DEGREE = 8
END = 8.0  # From here on Phi(-a), below 7e-16, counts as 0.
POINTS = 20001


def tail(a):
    """Phi(-a) in double precision."""
    return numpy.array([0.5 * math.erfc(value / math.sqrt(2)) for value in a])


def least_maximum(target, weight, basis):
    """The coefficients that make the maximum of |weight (basis c - target)| least, and that maximum."""
    unknowns = basis.shape[1]
    share = numpy.ones_like(target)
    for _ in range(30):  # Lawson's weights lead near enough for the exchange to start.
        root = numpy.sqrt(share) * weight
        found = numpy.linalg.lstsq(basis * root[:, None], target * root, rcond=None)[0]
        share *= numpy.abs(weight * (basis @ found - target))
        share /= share.sum()
    for _ in range(30):
        error = weight * (basis @ found - target)
        runs = numpy.split(numpy.arange(len(error)), numpy.flatnonzero(numpy.diff(numpy.sign(error))) + 1)
        peaks = [run[numpy.abs(error[run]).argmax()] for run in runs]
        while len(peaks) > unknowns + 1:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < unknowns + 1:
            raise ArithmeticError(f"{len(peaks)} peaks, expected {unknowns + 1}")
        if numpy.ptp(numpy.abs(error[peaks])) < 1e-6 * numpy.abs(error[peaks]).max():
            return found, numpy.abs(error).max()
        signs = (-1.0) ** numpy.arange(unknowns + 1)
        system = numpy.column_stack([basis[peaks], signs / weight[peaks]])
        found = numpy.linalg.solve(system, target[peaks])[:-1]
    raise ArithmeticError("the exchange does not end")


def fit():
    """Coefficients, lowest power first, and the largest error of gelu in exact arithmetic."""
    a = END / 2 * (1 - numpy.cos(numpy.pi * numpy.arange(POINTS) / (POINTS - 1)))
    basis = numpy.polynomial.chebyshev.chebvander(2 * a / END - 1, DEGREE)
    found, error = least_maximum(-numpy.log(tail(a)), a * tail(a), basis)
    powers = numpy.polynomial.Chebyshev(found, domain=[0, END]).convert(
        kind=numpy.polynomial.Polynomial, domain=[-1, 1]
    )
    return powers.coef.astype(numpy.float32), error


def gelu(x, coefficients, fused):
    """As the kernel computes it, but for exp, which is the nearest float32."""
    a = numpy.minimum(numpy.abs(x), numpy.float32(END))
    r = numpy.full_like(a, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        if fused:
            r = (r.astype(numpy.float64) * a + coefficient).astype(numpy.float32)
        else:
            r = r * a + coefficient
    exp = numpy.exp(-r.astype(numpy.float64)).astype(numpy.float32)
    below = numpy.where(numpy.abs(x) < END, exp, numpy.float32(0))
    return x * numpy.where(x < 0, below, numpy.float32(1) - below)


def written(java):
    """The coefficients in the source of the kernel, lowest power first."""
    found = re.findall(r"  (?:float )?r = (?:r \* a )?([+-]? ?)([0-9.]+(?:e-?[0-9]+)?)f;", java)
    return numpy.array([float(sign.strip() + number) for sign, number in reversed(found)], dtype=numpy.float32)


def main():
    coefficients, error = fit()
    for power, coefficient in enumerate(coefficients):
        print(f"a^{power}  {str(coefficient)}f")
    print(f"error of gelu in exact arithmetic: at most {error:.2e}")
    x = numpy.linspace(-9, 9, 2_000_001).astype(numpy.float32)
    exact = x * tail(-x.astype(numpy.float64))
    for fused in (False, True):
        wrong = numpy.abs(gelu(x, coefficients, fused) - exact)
        print(
            f"in float32 {'with' if fused else 'without'} fused multiply-add: at most "
            f"{(wrong / numpy.maximum(1, numpy.abs(x))).max():.3e} max(1, |x|), "
            f"{wrong[x < 0].max():.2e} below 0"
        )
    for file in sys.argv[1:]:
        with open(file, encoding="utf-8") as source:
            if not numpy.array_equal(written(source.read()), coefficients):
                sys.exit(f"{file} has other coefficients")
        print(f"{file} has these coefficients")


if __name__ == "__main__":
    main()
