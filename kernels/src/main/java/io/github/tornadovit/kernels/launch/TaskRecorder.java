package io.github.tornadovit.kernels.launch;

import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.program.Buffer;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/** Takes the tasks of a pass, for one batch size, in the order of their launches. */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public interface TaskRecorder extends TaskOverloads {
  /** Images per execution. */
  int batch();

  /** Chooses the tiles of products for the device. */
  Tiling tiling();

  /**
   * The device array of a buffer: {@code [batch or more, rows, columns]}; nobody's if it lies as
   * float16.
   */
  FloatArray array(Buffer buffer);

  /** The same of a buffer that lies as float16; nobody's if it does not. */
  HalfFloatArray halves(Buffer buffer);

  /** Where weights of the operation lie. */
  Place place(PackedWeight weight);
}
