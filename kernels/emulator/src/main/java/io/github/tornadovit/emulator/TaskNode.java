package io.github.tornadovit.emulator;

import java.util.List;
import java.util.stream.Stream;

/**
 * A task of a graph.
 *
 * @param name its full name, {@code graph.task}
 * @param kernel the class of its method reference, by which TornadoVM finds a kernel
 * @param body the kernel
 * @param arguments what the kernel is given, with host arrays in it
 */
public record TaskNode(String name, Class<?> kernel, Body body, List<Object> arguments) {
  /** A kernel, called with as many arguments as it takes. */
  @FunctionalInterface
  public interface Body {
    void run(Object[] arguments);
  }

  /** What TornadoVM compiles: the kernel, numbers as constants, arrays by their kind. */
  List<Object> code() {
    Stream<Object> kinds =
        arguments.stream()
            .map(argument -> argument instanceof Number ? argument : argument.getClass());
    return Stream.concat(Stream.of(kernel), kinds).toList();
  }
}
