package io.github.tornadovit.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Arrays for values of one kind. Programs share them, since one runs at a time: each takes the
 * smallest that are large enough. An output has an array of just its size, which comes back whole.
 */
final class ValueArrays {
  private final List<TornadoNativeArray> arrays = new ArrayList<>();
  private final IntFunction<TornadoNativeArray> make;

  /**
   * What a program needs.
   *
   * @param sizes of each array, elements per image
   * @param outputs the arrays among them that come back
   */
  record Need(List<Long> sizes, Set<Integer> outputs) {}

  /**
   * The arrays of a program.
   *
   * @param all in the order of its need
   * @param fresh those that were not there
   */
  record Allocation(List<TornadoNativeArray> all, List<TornadoNativeArray> fresh) {}

  private ValueArrays(IntFunction<TornadoNativeArray> make) {
    this.make = make;
  }

  static ValueArrays ofFloats() {
    return new ValueArrays(
        size -> {
          FloatArray array = new FloatArray(size);
          array.set(size - 1, 1f); // All zeros would say nothing of their arrival.
          return array;
        });
  }

  static ValueArrays ofHalves() {
    return new ValueArrays(
        size -> {
          HalfFloatArray array = new HalfFloatArray(size);
          array.set(size - 1, new HalfFloat(1f));
          return array;
        });
  }

  /** Elements of the arrays that a program needs and that are not there. */
  List<Long> missing(Need need, int batch) {
    @Nullable TornadoNativeArray[] fitting = fitting(need, batch);
    List<Long> missing = new ArrayList<>();
    for (int i = 0; i < fitting.length; i++) {
      if (fitting[i] == null) {
        missing.add(batch * need.sizes().get(i));
      }
    }
    return missing;
  }

  /** Finds or makes the arrays for a program; changes nothing here. */
  Allocation allocate(Need need, int batch) {
    @Nullable TornadoNativeArray[] fitting = fitting(need, batch);
    List<TornadoNativeArray> all = new ArrayList<>();
    List<TornadoNativeArray> fresh = new ArrayList<>();
    for (int i = 0; i < fitting.length; i++) {
      TornadoNativeArray array = fitting[i];
      if (array == null) {
        array = make.apply(Math.toIntExact(batch * need.sizes().get(i)));
        fresh.add(array);
      }
      all.add(array);
    }
    return new Allocation(all, fresh);
  }

  /** From now on they are there. */
  void add(Allocation allocation) {
    arrays.addAll(allocation.fresh());
  }

  /** For each array of a need one that is there and fits, or null. */
  private @Nullable TornadoNativeArray[] fitting(Need need, int batch) {
    @Nullable TornadoNativeArray[] fitting = new TornadoNativeArray[need.sizes().size()];
    List<TornadoNativeArray> free = new ArrayList<>(arrays);
    for (int i : need.outputs()) {
      fitting[i] = take(free, batch * need.sizes().get(i), true);
    }
    for (int i = 0; i < fitting.length; i++) {
      if (!need.outputs().contains(i)) {
        fitting[i] = take(free, batch * need.sizes().get(i), false);
      }
    }
    return fitting;
  }

  private static @Nullable TornadoNativeArray take(
      List<TornadoNativeArray> free, long size, boolean exactly) {
    int best = -1;
    for (int i = 0; i < free.size(); i++) {
      int has = free.get(i).getSize();
      boolean fits = exactly ? has == size : has >= size;
      if (fits && (best < 0 || has < free.get(best).getSize())) {
        best = i;
      }
    }
    return best < 0 ? null : free.remove(best);
  }
}
