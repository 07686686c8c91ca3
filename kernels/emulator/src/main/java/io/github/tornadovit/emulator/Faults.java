package io.github.tornadovit.emulator;

import java.util.Locale;
import uk.ac.manchester.tornado.api.exceptions.TornadoBailoutRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * Makes the device fail where a test wants it to, with the exceptions of TornadoVM.
 *
 * <p>The property {@value #PROPERTY} is an {@link Operation} in lower case and a number, {@code
 * launch 3}: that operation fails, counted from 1 since the property was set, and the property is
 * cleared, which tells that it happened. {@code lost 3} is the loss of the device: the third
 * operation of any kind fails, and so do all that follow until the property is cleared. It is a
 * property and no method, since tests are compiled against the real API too.
 */
final class Faults {
  static final String PROPERTY = "tornadovit.emulator.fault";

  private static final String LOST = "lost";

  /** What a device does for a plan. */
  enum Operation {
    ALLOCATE,
    COPY_IN,
    COMPILE,
    LAUNCH,
    COPY_OUT,
    FREE
  }

  private static String counted = "";
  private static int count;

  private Faults() {}

  /**
   * An operation is about to begin.
   *
   * @param what it is about, for the message
   */
  static synchronized void reach(Operation operation, String what) {
    String asked = System.getProperty(PROPERTY, "");
    if (!asked.equals(counted)) {
      counted = asked;
      count = 0;
    }
    boolean lost = asked.startsWith(LOST + " ");
    if (!lost && !asked.startsWith(operation.name().toLowerCase(Locale.ROOT) + " ")) {
      return;
    }
    count++;
    int at = Integer.parseInt(asked.substring(asked.indexOf(' ') + 1));
    if (lost && count >= at) {
      throw new TornadoRuntimeException("CL_DEVICE_NOT_AVAILABLE: " + operation + " of " + what);
    }
    if (!lost && count == at) {
      System.clearProperty(PROPERTY);
      throw failure(operation, what);
    }
  }

  private static RuntimeException failure(Operation operation, String what) {
    return switch (operation) {
      case ALLOCATE -> new TornadoOutOfMemoryException("Unable to allocate " + what);
      case COMPILE ->
          new TornadoBailoutRuntimeException(
              "\u001b[31mUnable to compile " + what + "\u001b[0m\nStacktrace: at the driver");
      case COPY_IN, LAUNCH, COPY_OUT, FREE ->
          new TornadoRuntimeException("CL_OUT_OF_RESOURCES: " + operation + " of " + what);
    };
  }
}
