package io.github.tornadovit.emulator;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;

/**
 * Finds the kernel's own line on a stack: the innermost frame that is neither of the emulator nor
 * of the API nor of the JDK.
 */
final class Frames {
  private static final String EMULATOR = Frames.class.getPackageName();
  private static final String API = "uk.ac.manchester.tornado.api";

  private Frames() {}

  static String kernelLine() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackFrame::toStackTraceElement)
                    .filter(Frames::isKernel)
                    .findFirst()
                    .map(Frames::text)
                    .orElse(""));
  }

  static String kernelLine(StackTraceElement[] trace) {
    return Arrays.stream(trace).filter(Frames::isKernel).findFirst().map(Frames::text).orElse("?");
  }

  private static boolean isKernel(StackTraceElement frame) {
    String name = frame.getClassName();
    String inPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    return !inPackage.equals(EMULATOR)
        && !inPackage.startsWith(API)
        && !inPackage.startsWith("java");
  }

  static String text(StackTraceElement frame) {
    return "%s(%s:%d)".formatted(frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
  }
}
