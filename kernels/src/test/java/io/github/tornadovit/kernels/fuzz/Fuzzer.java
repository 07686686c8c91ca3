package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.backend.GuardedHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Draws cases, runs them, counts them, and says how to repeat those that fail. */
final class Fuzzer implements AutoCloseable {
  private static final int[] THREADS = {1, 2, 3, 5, 8};

  /** Shapes that are drawn to find one that is not too much work. */
  private static final int DRAWS = 200;

  private final Subjects subjects;
  private final int enough;
  private final Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private @Nullable Prepared last;

  /** A trial with the reference's answer, for all subjects. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Prepared(
      FuzzCase of, Trial trial, float[] expected, Map<Double, double[]> bounds) {
    boolean serves(FuzzCase one) {
      return of.on("").toString().equals(one.on("").toString());
    }

    double[] bounds(double smallest) {
      return bounds.computeIfAbsent(smallest, trial.bounds()::of);
    }
  }

  /**
   * A fuzzer.
   *
   * @param subjects closed with it
   * @param enough failures after which there is no need to look for more
   */
  Fuzzer(Subjects subjects, int enough) {
    this.subjects = subjects;
    this.enough = enough;
  }

  /**
   * Runs operations.
   *
   * @param targets which
   * @param cases how many, of all operations in turn
   * @param names the subjects that each runs on
   * @param most sizes up to about this
   * @param flops a case's at most
   * @param threads whether the number of threads is drawn
   */
  void operations(
      List<OperationTarget> targets,
      long seed,
      int cases,
      List<String> names,
      int most,
      long flops,
      boolean threads) {
    // The first numbers of Random are much alike for seeds that follow one another.
    Random seeds = new Random(seed);
    for (int i = 0; i < cases && failures.size() < enough; i++) {
      OperationTarget target = targets.get(i % targets.size());
      Random random = new Random(seeds.nextLong());
      int team = threads ? THREADS[random.nextInt(THREADS.length)] : 1;
      Values values = Values.draw(random);
      for (int draw = 0; draw < DRAWS; draw++) {
        Parameters parameters = target.draw(random, most);
        long own = random.nextInt(Integer.MAX_VALUE);
        Trial trial = target.trial(parameters, new ValueSource(values, own));
        if (trial.batch() * trial.operation().flops() <= flops) {
          for (String name : names) {
            attempt(new FuzzCase(own, target.name(), parameters, values, name, team));
          }
          break;
        }
      }
    }
  }

  /** Runs functions of the inner loops, all in turn, on all subjects. */
  void functions(List<LoopsTarget> targets, long seed, int cases) {
    functions(targets, seed, cases, subjects.names());
  }

  /** The same on some subjects. */
  void functions(List<LoopsTarget> targets, long seed, int cases, List<String> names) {
    // The first numbers of Random are much alike for seeds that follow one another.
    Random seeds = new Random(seed);
    for (int i = 0; i < cases && failures.size() < enough; i++) {
      LoopsTarget target = targets.get(i % targets.size());
      Random random = new Random(seeds.nextLong());
      Values values = Values.draw(random);
      Parameters parameters = target.draw(random);
      long own = random.nextInt(Integer.MAX_VALUE);
      for (String name : names) {
        attempt(new FuzzCase(own, target.name(), parameters, values, name, 1));
      }
    }
  }

  private void attempt(FuzzCase one) {
    counts
        .computeIfAbsent(one.target(), key -> new TreeMap<>())
        .merge(one.subject(), 1, Integer::sum);
    try {
      check(one);
    } catch (RuntimeException | Error wrong) {
      failures.add(
          "%s; repeat it with: %s"
              .formatted(
                  String.valueOf(wrong.getMessage()).replaceAll("\\s+", " "), one.command()));
    }
  }

  /** Runs one case; fails if its result is wrong, or a guard is. */
  void check(FuzzCase one) {
    Optional<LoopsTarget> function =
        Targets.functions().filter(target -> target.name().equals(one.target())).findFirst();
    if (function.isPresent()) {
      function
          .get()
          .check(
              subjects.loops(one.subject()),
              one.parameters(),
              new ValueSource(one.values(), one.seed()));
      return;
    }
    Prepared prepared = prepared(one);
    Trial trial = prepared.trial;
    float[] got = subjects.run(one, trial);
    float[] expected = prepared.expected;
    double[] bounds = prepared.bounds(Subjects.smallest(one.subject()));
    Judgement.check(one.target(), got, expected, bounds, trial.sameKind());
    float[] guards = Guard.array(got.length);
    Guard.checkUnchanged("a guard behind the result", got, guards, bounds.length, got.length);
  }

  private Prepared prepared(FuzzCase one) {
    Prepared prepared = last;
    if (prepared == null || !prepared.serves(one)) {
      OperationTarget target =
          Targets.operations()
              .filter(candidate -> candidate.name().equals(one.target()))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no target '" + one.target() + "'"));
      Trial trial = target.trial(one.parameters(), new ValueSource(one.values(), one.seed()));
      prepared = new Prepared(one, trial, GuardedHost.reference(trial), new TreeMap<>());
      last = prepared;
    }
    return prepared;
  }

  /** What failed so far, one line each. */
  List<String> failures() {
    return failures;
  }

  /** Prints how much ran where; fails if anything failed. */
  void finish(String what, long seed) {
    counts.forEach(
        (target, bySubject) ->
            System.out.printf(
                "fuzz of %s, seed %d: %s: %s%n",
                what,
                seed,
                target,
                bySubject.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "))));
    if (!failures.isEmpty()) {
      Assertions.fail(failures.size() + " cases failed:\n" + String.join("\n", failures));
    }
  }

  @Override
  public void close() {
    subjects.close();
  }
}
