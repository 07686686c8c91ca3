package io.github.tornadovit.kernels.launch;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task12;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task13;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task15;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A method for each number of arguments that kernels have, as TornadoVM's task graphs have: it
 * finds a kernel by the class of its method reference. Every kernel begins with the context and the
 * array where it counts its {@linkplain Launches launch}, which are added here.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public interface TaskOverloads {
  /** Takes a task. */
  void add(Task task);

  /** Takes a kernel of 4 arguments, its first two included. */
  default <T1, T2> void task(Task4<KernelContext, IntArray, T1, T2> kernel, T1 a1, T2 a2) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) -> graph.task(id, kernel, context, launches, a1, a2),
            a1,
            a2));
  }

  /** Takes a kernel of 5 arguments, its first two included. */
  default <T1, T2, T3> void task(
      Task5<KernelContext, IntArray, T1, T2, T3> kernel, T1 a1, T2 a2, T3 a3) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) -> graph.task(id, kernel, context, launches, a1, a2, a3),
            a1,
            a2,
            a3));
  }

  /** Takes a kernel of 6 arguments, its first two included. */
  default <T1, T2, T3, T4> void task(
      Task6<KernelContext, IntArray, T1, T2, T3, T4> kernel, T1 a1, T2 a2, T3 a3, T4 a4) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(id, kernel, context, launches, a1, a2, a3, a4),
            a1,
            a2,
            a3,
            a4));
  }

  /** Takes a kernel of 9 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7> void task(
      Task9<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7> kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7));
  }

  /** Takes a kernel of 10 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7, T8> void task(
      Task10<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7, T8> kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7, a8),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            a8));
  }

  /** Takes a kernel of 11 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7, T8, T9> void task(
      Task11<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7, a8, a9),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            a8,
            a9));
  }

  /** Takes a kernel of 12 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> void task(
      Task12<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9,
      T10 a10) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            a8,
            a9,
            a10));
  }

  /** Takes a kernel of 13 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> void task(
      Task13<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9,
      T10 a10,
      T11 a11) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(
                    id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            a8,
            a9,
            a10,
            a11));
  }

  /** Takes a kernel of 15 arguments, its first two included. */
  default <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> void task(
      Task15<KernelContext, IntArray, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
          kernel,
      T1 a1,
      T2 a2,
      T3 a3,
      T4 a4,
      T5 a5,
      T6 a6,
      T7 a7,
      T8 a8,
      T9 a9,
      T10 a10,
      T11 a11,
      T12 a12,
      T13 a13) {
    add(
        Task.of(
            kernel,
            (graph, id, context, launches) ->
                graph.task(
                    id, kernel, context, launches, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11,
                    a12, a13),
            a1,
            a2,
            a3,
            a4,
            a5,
            a6,
            a7,
            a8,
            a9,
            a10,
            a11,
            a12,
            a13));
  }
}
