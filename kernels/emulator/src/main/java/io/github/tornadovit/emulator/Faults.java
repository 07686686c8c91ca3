package io.github.tornadovit.emulator;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import uk.ac.manchester.tornado.api.exceptions.TornadoBailoutRuntimeException;

/**
 * Makes the device fail where a test wants it to, as TornadoVM does: its native code looks at no
 * return value, so that an operation that fails prints a line to standard output and leaves
 * everything as it was. Only a kernel that does not compile is an exception.
 *
 * <p>The property {@value #PROPERTY} is an {@link Operation} in lower case and a number, {@code
 * launch 3}: that operation fails, counted from 1 since the property was set, and the property is
 * cleared, which tells that it happened. {@code lost 3} is the loss of the device: the third
 * operation of any kind fails, and so do all that follow until the property is cleared. While it is
 * {@code dark} every launch fails, without a line. It is a property and no method, since tests are
 * compiled against the real API too.
 */
final class Faults {
  static final String PROPERTY = "tornadovit.emulator.fault";

  private static final String LOST = "lost";
  private static final String DARK = "dark";

  private static final FileOutputStream NATIVE_OUT = new FileOutputStream(FileDescriptor.out);

  /** An operation of a device for a plan. */
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
   * @param what it is about, for the line that is printed
   * @return whether it fails, and has to be left out
   */
  static synchronized boolean strike(Operation operation, String what) {
    String asked = System.getProperty(PROPERTY, "");
    if (!asked.equals(counted)) {
      counted = asked;
      count = 0;
    }
    if (asked.equals(DARK)) {
      return operation == Operation.LAUNCH;
    }
    boolean lost = asked.startsWith(LOST + " ");
    if (!lost && !asked.startsWith(operation.name().toLowerCase(Locale.ROOT) + " ")) {
      return false;
    }
    count++;
    int at = Integer.parseInt(asked.substring(asked.indexOf(' ') + 1));
    if (lost ? count < at : count != at) {
      return false;
    }
    if (!lost) {
      System.clearProperty(PROPERTY);
    }
    if (operation == Operation.COMPILE) {
      throw new TornadoBailoutRuntimeException(
          "\u001b[31mUnable to compile " + what + "\u001b[0m\nStacktrace: at the driver");
    }
    printAsNativeCodeDoes(
        "[TornadoVM-EMU-JNI] ERROR : " + operation + " of " + what + " -> Returned: -5\n");
    return true;
  }

  /** To the process's standard output, whatever {@link System#out} has become. */
  private static void printAsNativeCodeDoes(String line) {
    try {
      NATIVE_OUT.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ignored) {
      // Native code looks at no result of printf.
    }
  }
}
