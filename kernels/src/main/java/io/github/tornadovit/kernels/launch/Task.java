package io.github.tornadovit.kernels.launch;

import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel with its arguments, before it is in a graph.
 *
 * @param code all that its machine code depends on but for the grid: TornadoVM compiles scalars
 *     into it as constants. Equal where the code is
 * @param arguments how many there are
 * @param adder adds it to a graph
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public record Task(List<Object> code, int arguments, Adder adder) {
  /** What every kernel begins with: the context, and where it counts its launch. */
  private static final int FIRST = 2;

  /** Adds a task to a graph. */
  @FunctionalInterface
  public interface Adder {
    void add(TaskGraph graph, String id, KernelContext context, IntArray launches);
  }

  /**
   * A kernel with its arguments.
   *
   * @param kernel a method reference: each place in the source has a class of its own
   * @param arguments numbers and arrays, after the first two
   */
  static Task of(Object kernel, Adder adder, Object... arguments) {
    Stream<Object> kinds =
        Stream.of(arguments)
            .map(argument -> argument instanceof Number ? argument : argument.getClass());
    return new Task(
        Stream.concat(Stream.of(kernel.getClass()), kinds).toList(),
        FIRST + arguments.length,
        adder);
  }
}
