package io.github.tornadovit.kernels.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The layout of a program's weights in few device arrays: one for what several sections of the
 * program read, then one per section, of floats and of ints apart. TornadoVM's task graphs have
 * room for about a thousand nodes, an array takes five. Equal blocks have equal offsets, so their
 * kernels equal source in OpenCL, which drivers compile once. In PTX the name of the task is part
 * of it, and names and the order of registers follow hash codes that are others in every process:
 * every launch is compiled, at every start.
 *
 * <p>Allocates nothing; {@link #pack} does.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class WeightPlacement {
  private final List<Part> parts = new ArrayList<>();

  /** One array: the weights in it, one after the other. */
  private record Part(String name, boolean ofInts, Collection<PackedWeight> weights) {
    long bytes() {
      return weights.stream().mapToLong(PackedWeight::bytes).sum();
    }
  }

  /**
   * The place of packed weights.
   *
   * @param whole array of the device
   * @param offset of the first element
   */
  public record Place(TornadoNativeArray whole, int offset) {
    /** The array of floats. */
    public FloatArray array() {
      return (FloatArray) whole;
    }

    /** The array of weights that {@linkplain PackedWeight#holdsInts() are ints}. */
    public IntArray ints() {
      return (IntArray) whole;
    }
  }

  /**
   * Packed weights.
   *
   * @param arrays to bring to the device
   * @param places in them
   */
  public record Packed(List<TornadoNativeArray> arrays, Map<PackedWeight, Place> places) {
    public Packed {
      arrays = List.copyOf(arrays);
      places = Map.copyOf(places);
    }

    /** Where weights lie that were placed. */
    public Place place(PackedWeight weight) {
      Place place = places.get(weight);
      if (place == null) {
        throw new IllegalArgumentException("the weights have no place: " + weight);
      }
      return place;
    }
  }

  /**
   * Places weights.
   *
   * @param sections what the kernels of each section read, by the section's name
   */
  public WeightPlacement(SequencedMap<String, ? extends Collection<PackedWeight>> sections) {
    Set<PackedWeight> seen = new HashSet<>();
    Set<PackedWeight> shared = new LinkedHashSet<>();
    for (Collection<PackedWeight> weights : sections.values()) {
      for (PackedWeight weight : new LinkedHashSet<>(weights)) {
        if (!seen.add(weight)) {
          shared.add(weight);
        }
      }
    }
    add("several sections", shared);
    sections.forEach(
        (name, weights) -> {
          Set<PackedWeight> own = new LinkedHashSet<>(weights);
          own.removeAll(shared);
          add(name, own);
        });
  }

  private void add(String name, Set<PackedWeight> weights) {
    weights.stream()
        .collect(Collectors.partitioningBy(PackedWeight::holdsInts))
        .forEach(
            (ofInts, some) -> {
              if (!some.isEmpty()) {
                parts.add(new Part(name, ofInts, some));
              }
            });
  }

  /** Device memory for all weights. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /** The largest array. */
  public long largestBytes() {
    return parts.stream().mapToLong(Part::bytes).max().orElse(0);
  }

  /** Allocates the arrays and packs the weights into them. */
  public Packed pack() {
    List<TornadoNativeArray> arrays = new ArrayList<>();
    Map<PackedWeight, Place> places = new HashMap<>();
    for (Part part : parts) {
      long elements = part.bytes() / Float.BYTES;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "the weights of '%s' are %d %s, one array holds at most %d"
                .formatted(
                    part.name(), elements, part.ofInts() ? "ints" : "floats", Integer.MAX_VALUE));
      }
      TornadoNativeArray array =
          part.ofInts() ? new IntArray((int) elements) : new FloatArray((int) elements);
      MemorySegment memory = array.getSegment().fill((byte) 0);
      long at = 0;
      for (PackedWeight weight : part.weights()) {
        weight.writeTo(memory.asSlice(at, weight.bytes()));
        places.put(weight, new Place(array, (int) (at / Float.BYTES)));
        at += weight.bytes();
      }
      arrays.add(array);
    }
    return new Packed(arrays, places);
  }
}
