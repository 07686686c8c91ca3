package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.faults.IoFaults.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Repeats an action with one of its operations failing, then another, … until it has no more. The
 * number of faults is printed. Every third operation fails, a different third for each kind of
 * fault, and the first always; {@code -Dtornadovit.thorough=true} takes every one.
 */
final class EachFault {
  /** No action of these tests has more operations; a loop that never ends fails here. */
  private static final int MOST = 2_000;

  private static final int STEP = Boolean.getBoolean("tornadovit.thorough") ? 1 : 3;

  private EachFault() {}

  /** What is done on a file system that fails once. */
  interface Action {
    void run(FaultyFileSystem files) throws Exception;
  }

  /** What has to hold after each time. */
  interface Check {
    /**
     * Fails if it does not hold.
     *
     * @param failure that the action ended with, or null if it did without what failed
     * @param injected what failed
     */
    void check(@Nullable Throwable failure, String injected) throws Exception;
  }

  /** Returns how many faults there were. */
  static int inject(String what, Kind kind, Action action, Check check) throws Exception {
    int count = 0;
    for (int failing = 1; failing < MOST; failing = next(failing, kind)) {
      IoFaults faults = new IoFaults(kind, failing);
      Throwable failure = null;
      try {
        action.run(new FaultyFileSystem(faults));
      } catch (Throwable thrown) { // Whatever it is, errors too: the check says if it may be.
        failure = thrown;
      }
      if (faults.injected().isEmpty()) {
        assertThat(failure).as(what + " without a fault").isNull();
        assertThat(count).as(what + " reaches the disk").isPositive();
        System.out.printf("%s, %s: %d faults%n", what, kind, count);
        return count;
      }
      count++;
      check.check(failure, faults.injected());
    }
    throw new AssertionError(what + " has more than " + MOST + " operations");
  }

  /** Kinds begin at operations of their own: names differ in length as well as anything. */
  private static int next(int failing, Kind kind) {
    return failing == 1 ? 2 + kind.name().length() % STEP : failing + STEP;
  }
}
