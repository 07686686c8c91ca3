"""
Derives the polynomials of GELU: the device's, io.github.tornadovit.kernels.linear.TornadoEpilogue, and the host's,
io.github.tornadovit.kernels.cpu.Polynomials.NormalTail.

gelu(x) = x Phi(x). On the device Phi(-a) = exp(-r(a)) for a >= 0, on the host Phi(-a) = p(a)^-16. An error d of r makes
one of a Phi(-a) d in gelu, one of p makes 16 a Phi(-a) / p(a) d. So each is the polynomial that comes closest to its
function, -ln Phi(-a) or Phi(-a)^(-1/16), with that weight in the maximum norm, by Remez's exchange (E. Remez, Comptes
Rendus 199, 1934). The coefficients are rounded to float32 and the error of gelu is measured.

The host's coefficients in the source are of a fit that stopped a little short of the optimum, so they differ from the
ones derived here. The error of gelu is within 5 % of theirs, 6.70e-8 and 6.46e-8 exactly computed: rounding the
coefficients to float32 costs twenty times what the best polynomial misses by.

    python3 fit_gelu.py         prints the coefficients and the errors
    python3 fit_gelu.py FILE    fails if FILE, the source of either, has other coefficients or, of the host, ones more than 5 % worse

Needs numpy alone.
"""

import math
import re
import sys

import numpy

DEGREE = 8
END = 8.0  # From here on Phi(-a), below 7e-16, counts as 0.
HOST_END = 6.0
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


def chebyshev(end):
    """Points of [0, end], closer at its ends."""
    return end / 2 * (1 - numpy.cos(numpy.pi * numpy.arange(POINTS) / (POINTS - 1)))


def fit(a, end, target, weight):
    """Coefficients in float32, lowest power first, and the largest error of gelu before they are rounded."""
    basis = numpy.polynomial.chebyshev.chebvander(2 * a / end - 1, DEGREE)
    found, error = least_maximum(target, weight, basis)
    powers = numpy.polynomial.Chebyshev(found, domain=[0, end]).convert(
        kind=numpy.polynomial.Polynomial, domain=[-1, 1]
    )
    return powers.coef.astype(numpy.float32), error


def fit_device():
    """The polynomial r of TornadoEpilogue."""
    a = chebyshev(END)
    return fit(a, END, -numpy.log(tail(a)), a * tail(a))


def fit_host():
    """The polynomial p of Polynomials.NormalTail."""
    a = chebyshev(HOST_END)
    return fit(a, HOST_END, tail(a) ** (-1 / 16), 16 * a * tail(a) ** (17 / 16))


def host_error(coefficients):
    """The largest error of gelu with the host's polynomial, exactly computed, on [-9, 9]."""
    a = numpy.linspace(0, 9, 90_001)
    p = numpy.polynomial.Polynomial(coefficients.astype(numpy.float64))
    return (a * numpy.abs(p(a) ** -16.0 - tail(a))).max()


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
    """The coefficients in the source of the kernel or of the host, lowest power first."""
    if "class NormalTail" in java:
        constants = java[java.index("class NormalTail") : java.index("class Exp")]
        return numpy.array(re.findall(r"C[0-9] = (-?[0-9.e-]+)f;", constants), dtype=numpy.float32)
    found = re.findall(r"  (?:float )?r = (?:r \* a )?([+-]? ?)([0-9.]+(?:e-?[0-9]+)?)f;", java)
    return numpy.array([float(sign.strip() + number) for sign, number in reversed(found)], dtype=numpy.float32)


def main():
    coefficients, error = fit_device()
    best, host = fit_host()
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
    print("host:")
    for power, coefficient in enumerate(best):
        print(f"a^{power}  {str(coefficient)}f")
    print(f"error of gelu in exact arithmetic: at most {host:.2e}, and {host_error(best):.2e} with rounded coefficients")
    for file in sys.argv[1:]:
        with open(file, encoding="utf-8") as source:
            java = source.read()
        found = written(java)
        if "class NormalTail" in java:
            if len(found) != DEGREE + 1 or host_error(found) > 1.05 * host_error(best):
                sys.exit(f"{file} has worse coefficients: an error of {host_error(found):.2e}")
            print(f"{file} has coefficients within 5 % of the best: {host_error(found):.2e}")
        elif numpy.array_equal(found, coefficients):
            print(f"{file} has these coefficients")
        else:
            sys.exit(f"{file} has other coefficients")


if __name__ == "__main__":
    main()
