package io.github.tornadovit.emulator;

import java.util.List;

/**
 * A task of a graph.
 *
 * @param name its full name, {@code graph.task}
 * @param body the kernel
 * @param arguments what the kernel is given, with host arrays in it
 */
public record TaskNode(String name, Body body, List<Object> arguments) {
  /** A kernel, called with as many arguments as it takes. */
  @FunctionalInterface
  public interface Body {
    void run(Object[] arguments);
  }
}
