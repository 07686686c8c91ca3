package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.AttentionWeights;
import io.github.tornadovit.kernels.attention.RotaryPositions;
import io.github.tornadovit.kernels.attention.TornadoAttention;
import io.github.tornadovit.kernels.attention.TornadoAttentionWeights;
import io.github.tornadovit.kernels.attention.TornadoRotaryPositions;
import io.github.tornadovit.kernels.gate.Gate;
import io.github.tornadovit.kernels.gate.TornadoGate;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.WeightPlacement;
import io.github.tornadovit.kernels.launch.WeightPlacement.Packed;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.layernorm.TornadoLayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.TornadoHalfLinear;
import io.github.tornadovit.kernels.linear.TornadoLinear;
import io.github.tornadovit.kernels.pass.Codings;
import io.github.tornadovit.kernels.pass.Storage;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.patch.TornadoPatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.pooling.TornadoAverage;
import io.github.tornadovit.kernels.pooling.TornadoPool;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import io.github.tornadovit.kernels.tokens.TornadoEmbedTokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A program for one device: its kernels, and the arrays that stay on the device and that the graphs
 * of all batch sizes share: packed weights, and buffers of the largest batch.
 */
final class DeviceProgram {
  private final Program program;
  private final WeightPlacement weights;
  private @Nullable Packed packed;
  private final List<Section> sections = new ArrayList<>();
  private final Set<Buffer> halves;
  private final Storage storage;
  private final Storage halfStorage;
  private final List<TornadoNativeArray> arrays = new ArrayList<>();
  private final List<TornadoNativeArray> halfArrays = new ArrayList<>();

  /** What kernels are given, and leave alone, for a value that lies as the other kind. */
  private final FloatArray nobodysArray = new FloatArray(1);

  private final HalfFloatArray nobodysHalves = new HalfFloatArray(1);
  private final IntArray launches = new IntArray(Launches.SIZE);

  /** A section of the program, and its kernels. */
  record Section(Program.Section section, List<DeviceOperation> kernels) {}

  /** Chooses the kernels; allocates nothing. */
  DeviceProgram(Program program) {
    this(program, Codings.halves(program));
  }

  /**
   * Chooses the kernels; allocates nothing.
   *
   * @param asHalves values that lie as float16, each written by an operation that can
   */
  DeviceProgram(Program program, Set<Buffer> asHalves) {
    this.program = program;
    SequencedMap<String, List<PackedWeight>> read = new LinkedHashMap<>();
    for (Program.Section section : program.sections()) {
      List<DeviceOperation> kernels =
          section.operations().stream().map(operation -> kernel(operation, asHalves)).toList();
      sections.add(new Section(section, kernels));
      List<PackedWeight> ofSection =
          read.computeIfAbsent(section.name(), name -> new ArrayList<>());
      kernels.forEach(kernel -> ofSection.addAll(kernel.weights()));
    }
    weights = new WeightPlacement(read);
    List<List<Buffer>> halfScratch = scratch(DeviceOperation::halfScratch);
    halves = new HashSet<>(asHalves);
    halfScratch.forEach(halves::addAll);
    storage =
        Storage.onDevice(
            program, scratch(DeviceOperation::scratch), value -> !halves.contains(value));
    halfStorage = Storage.onDevice(program, halfScratch, halves::contains);
  }

  private List<List<Buffer>> scratch(Function<DeviceOperation, List<Buffer>> of) {
    return sections.stream().flatMap(section -> section.kernels().stream()).map(of).toList();
  }

  /**
   * The kernel of an operation, the same on every device.
   *
   * @param halves values that lie as float16
   */
  static DeviceOperation kernel(Operation operation, Set<Buffer> halves) {
    boolean toHalves = halves.contains(operation.output());
    return switch (operation) {
      case PatchEmbedding patch -> new TornadoPatchEmbedding(patch);
      case Linear linear ->
          linear.matrix().precision() == Precision.F16
              ? new TornadoHalfLinear(linear, halves.contains(linear.input()), toHalves)
              : new TornadoLinear(linear);
      case EmbedTokens embed -> new TornadoEmbedTokens(embed);
      case LayerNorm norm -> new TornadoLayerNorm(norm, toHalves);
      case Gate gate -> new TornadoGate(gate, toHalves);
      case RotaryPositions rotary -> new TornadoRotaryPositions(rotary);
      case Attention attention -> new TornadoAttention(attention, toHalves);
      case AttentionWeights attention -> new TornadoAttentionWeights(attention);
      case SelectTokens select -> TornadoPool.of(select, toHalves);
      case MeanTokens mean -> TornadoPool.of(mean, toHalves);
      case Average average -> new TornadoAverage(average);
    };
  }

  Program program() {
    return program;
  }

  List<Section> sections() {
    return sections;
  }

  WeightPlacement weights() {
    return weights;
  }

  /** Packs the weights and allocates the buffers. */
  void allocate(int maxBatch) {
    packed = weights.pack();
    launches.init(-1); // No number of a run.
    for (long size : storage.sizes()) {
      FloatArray array = new FloatArray(Math.toIntExact(maxBatch * size));
      array.set(array.getSize() - 1, 1f); // All zeros would say nothing of their arrival.
      arrays.add(array);
    }
    for (long size : halfStorage.sizes()) {
      HalfFloatArray array = new HalfFloatArray(Math.toIntExact(maxBatch * size));
      array.set(array.getSize() - 1, new HalfFloat(1f));
      halfArrays.add(array);
    }
  }

  /** The values that lie as float16. */
  Set<Buffer> halves() {
    return halves;
  }

  /** Bytes of the arrays of values: of all but the input, and of what the kernels hand on. */
  long valueBytes(int maxBatch) {
    return maxBatch * (Float.BYTES * storage.elements() + Short.BYTES * halfStorage.elements());
  }

  /** Bytes of the largest of them. */
  long largestValueBytes(int maxBatch) {
    long floats = storage.sizes().stream().mapToLong(Long::longValue).max().orElse(0);
    long half = halfStorage.sizes().stream().mapToLong(Long::longValue).max().orElse(0);
    return maxBatch * Math.max(Float.BYTES * floats, Short.BYTES * half);
  }

  /** The array of a value other than the input, which every batch size has its own of. */
  FloatArray array(Buffer buffer) {
    return halves.contains(buffer) ? nobodysArray : (FloatArray) valueArray(buffer);
  }

  /** The array of a value that lies as float16. */
  HalfFloatArray halves(Buffer buffer) {
    return halves.contains(buffer) ? (HalfFloatArray) valueArray(buffer) : nobodysHalves;
  }

  /** The array of a value of either kind. */
  TornadoNativeArray valueArray(Buffer buffer) {
    return halves.contains(buffer)
        ? halfArrays.get(halfStorage.array(buffer))
        : arrays.get(storage.array(buffer));
  }

  /** Where the kernels count their launches. */
  IntArray launches() {
    return launches;
  }

  /** Everything that stays on the device. */
  Object[] residentArrays() {
    List<Object> resident = new ArrayList<>(arrays);
    resident.addAll(halfArrays);
    resident.addAll(weightArrays());
    resident.add(launches);
    return resident.toArray();
  }

  private List<TornadoNativeArray> weightArrays() {
    return packed().arrays();
  }

  /** Where weights of a kernel lie. */
  Place place(PackedWeight weight) {
    return packed().place(weight);
  }

  private Packed packed() {
    return Objects.requireNonNull(packed, "the weights are not packed");
  }
}
