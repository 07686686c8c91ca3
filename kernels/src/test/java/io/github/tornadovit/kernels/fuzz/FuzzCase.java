package io.github.tornadovit.kernels.fuzz;

/**
 * Everything that a case is made of, as text {@code seed:target:parameters:values:subject:threads}.
 *
 * @param seed of the values
 * @param target the operation, or the function of the inner loops
 * @param parameters its shape and forms
 * @param values their distribution
 * @param subject what computes it
 * @param threads of the host; 1 where they make no difference
 */
record FuzzCase(
    long seed, String target, Parameters parameters, Values values, String subject, int threads) {
  /** System property: run the one case that it names. */
  static final String PROPERTY = "tornadovit.fuzzCase";

  static FuzzCase parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 6) {
      throw new IllegalArgumentException(
          "case '%s' has %d parts, expected seed:target:parameters:values:subject:threads"
              .formatted(text, parts.length));
    }
    return new FuzzCase(
        Long.parseLong(parts[0]),
        parts[1],
        Parameters.parse(parts[2]),
        Values.valueOf(parts[3]),
        parts[4],
        Integer.parseInt(parts[5]));
  }

  /** The same on something else. */
  FuzzCase on(String other) {
    return new FuzzCase(seed, target, parameters, values, other, threads);
  }

  /** The line that repeats it. */
  String command() {
    return "./mvnw -pl kernels -am test -Dtest=KernelFuzzTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=%s".formatted(PROPERTY, this);
  }

  @Override
  public String toString() {
    return "%d:%s:%s:%s:%s:%d".formatted(seed, target, parameters, values, subject, threads);
  }
}
