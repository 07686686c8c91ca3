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
import io.github.tornadovit.kernels.launch.PackedWeight;
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
import io.github.tornadovit.kernels.tornado.Residents.Admission;
import io.github.tornadovit.kernels.tornado.ValueArrays.Need;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A program for one device: its kernels, and where among the {@link Residents} its weights and its
 * values of the largest batch lie, which the graphs of all batch sizes share.
 */
final class DeviceProgram {
  private final Program program;
  private final SequencedMap<String, List<PackedWeight>> weights = new LinkedHashMap<>();
  private final List<Section> sections = new ArrayList<>();
  private final Set<Buffer> halves;
  private final Storage storage;
  private final Storage halfStorage;
  private @Nullable Admission admission;

  /** What kernels are given, and leave alone, for a value that lies as the other kind. */
  private final FloatArray nobodysArray = new FloatArray(1);

  private final HalfFloatArray nobodysHalves = new HalfFloatArray(1);

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
    for (Program.Section section : program.sections()) {
      List<DeviceOperation> kernels =
          section.operations().stream().map(operation -> kernel(operation, asHalves)).toList();
      sections.add(new Section(section, kernels));
      List<PackedWeight> ofSection =
          weights.computeIfAbsent(section.name(), name -> new ArrayList<>());
      kernels.forEach(kernel -> ofSection.addAll(kernel.weights()));
    }
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

  /** What the kernels of each section read, by the section's name. */
  SequencedMap<String, List<PackedWeight>> weights() {
    return weights;
  }

  /** The arrays for values, but for the input and those that lie as float16. */
  Need floats() {
    return need(storage, value -> !halves.contains(value));
  }

  /** The arrays for values that lie as float16. */
  Need halfFloats() {
    return need(halfStorage, halves::contains);
  }

  private Need need(Storage of, Predicate<Buffer> held) {
    return new Need(
        of.sizes(),
        program.outputs().stream().filter(held).map(of::array).collect(Collectors.toSet()));
  }

  /** Takes its places. */
  void settle(Admission admission) {
    this.admission = admission;
  }

  private Admission admission() {
    return Objects.requireNonNull(admission, "the program has no places");
  }

  /** The values that lie as float16. */
  Set<Buffer> halves() {
    return halves;
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
        ? admission().halves().all().get(halfStorage.array(buffer))
        : admission().floats().all().get(storage.array(buffer));
  }

  /** Where the kernels count their launches. */
  IntArray launches() {
    return admission().to().launches();
  }

  /** Everything of the program that stays on the device. */
  Object[] residentArrays() {
    List<TornadoNativeArray> resident = new ArrayList<>(admission().floats().all());
    resident.addAll(admission().halves().all());
    Set<TornadoNativeArray> ofWeights = Collections.newSetFromMap(new IdentityHashMap<>());
    for (List<PackedWeight> ofSection : weights.values()) {
      for (PackedWeight weight : ofSection) {
        TornadoNativeArray whole = place(weight).whole();
        if (ofWeights.add(whole)) {
          resident.add(whole);
        }
      }
    }
    resident.add(launches());
    return resident.toArray();
  }

  /** Where weights of a kernel lie. */
  Place place(PackedWeight weight) {
    return admission().place(weight);
  }
}
