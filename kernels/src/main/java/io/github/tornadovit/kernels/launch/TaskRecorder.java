package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Takes the tasks of one task graph, for one batch size. */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public interface TaskRecorder {
  /** Images per execution. */
  int batch();

  /** Chooses the tiles of products for the device. */
  Tiling tiling();

  /** The graph to add the task to. */
  TaskGraph graph();

  /** The context of all kernels. */
  KernelContext context();

  /**
   * Where the next task's kernel counts its {@linkplain Launches launch}. A task that asks has to
   * count.
   */
  IntArray launches();

  /**
   * The device array of a buffer: {@code [batch or more, rows, columns]}; nobody's if it lies as
   * float16.
   */
  FloatArray array(Buffer buffer);

  /** The same of a buffer that lies as float16; nobody's if it does not. */
  HalfFloatArray halves(Buffer buffer);

  /** Where weights of the operation lie. */
  Place place(PackedWeight weight);

  /**
   * Names the next task and gives it the grid of the operation's next {@link Launch}.
   *
   * @return the task's id in the graph
   */
  String next();
}
