package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.attention.Attention;
import io.github.tornadovit.kernels.attention.TornadoAttention;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.layernorm.LayerNorm;
import io.github.tornadovit.kernels.layernorm.TornadoLayerNorm;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.linear.TornadoEpilogue;
import io.github.tornadovit.kernels.linear.TornadoLinear;
import io.github.tornadovit.kernels.linear.TornadoPanelLinear;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.Copy;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectToken;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tokens.EmbedTokens;
import io.github.tornadovit.kernels.tokens.TornadoTokens;
import io.github.tornadovit.weights.config.Activation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Writes a program down as one task graph for one batch size: a task per operation, with its grid.
 */
final class GraphRecorder {
  /**
   * Outputs per side of the tiles of a matrix product; the larger pays when it fills the device
   * twice.
   */
  private static final int SMALL_TILE = 64;

  private static final int LARGE_TILE = 128;

  private final KernelContext context = new KernelContext();
  private final DeviceWeights weights;
  private final TornadoTarget target;
  private final int batch;
  private final String name;
  private final TaskGraph tasks;
  private final TaskGraph graph;
  private final GridScheduler grids = new GridScheduler();
  private final Map<Buffer, FloatArray> buffers = new HashMap<>();
  private int count;

  /** A recorder that makes its weights through {@code weights}. */
  GraphRecorder(String name, TornadoTarget target, DeviceWeights weights, int batch) {
    this.name = name;
    this.target = target;
    this.weights = weights;
    this.batch = batch;
    this.graph = new TaskGraph(name);
    this.tasks = graph;
  }

  /**
   * A recorded program.
   *
   * @param graph ready to be planned
   * @param grids of its tasks
   * @param buffers the host side of every buffer
   */
  record Recorded(ImmutableTaskGraph graph, GridScheduler grids, Map<Buffer, FloatArray> buffers) {}

  Recorded record(Program program) {
    for (Buffer buffer : program.buffers()) {
      buffers.put(buffer, new FloatArray(Math.multiplyExact(batch, buffer.size())));
    }
    makeWeights(program);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, weights.arrays());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, array(program.input()));
    for (Operation operation : program.operations()) {
      record(operation);
      count++;
    }
    graph.transferToHost(
        DataTransferMode.EVERY_EXECUTION, program.outputs().stream().map(this::array).toArray());
    return new Recorded(graph.snapshot(), grids, buffers);
  }

  /** Transfers come before tasks in a graph, so the weights of all operations are made first. */
  private void makeWeights(Program program) {
    for (Operation operation : program.operations()) {
      switch (operation) {
        case PatchEmbedding patch -> product(patch.weight(), patch.bias(), null);
        case Linear linear -> product(linear.weight(), linear.bias(), linear.scale());
        case EmbedTokens embed -> {
          weights.plain(embed.prefix());
          plainOrNone(embed.positions());
        }
        case LayerNorm norm -> {
          weights.plain(norm.weight());
          weights.plain(norm.bias());
        }
        case Attention attention -> plainOrNone(attention.bias());
        case SelectToken select -> {}
        case MeanTokens mean -> {}
        case Average average -> {}
        case Copy copy -> {}
      }
    }
  }

  private void product(Weight weight, @Nullable Weight bias, @Nullable Weight scale) {
    if (target.isCpu()) {
      weights.panels(weight, scale);
    } else {
      weights.transposed(weight, scale);
    }
    weights.bias(bias, scale, weight.rows());
  }

  private FloatArray plainOrNone(@Nullable Weight weight) {
    return weight == null ? weights.none() : weights.plain(weight);
  }

  private void record(Operation operation) {
    switch (operation) {
      case PatchEmbedding patch -> patchEmbedding(patch);
      case EmbedTokens embed -> embedTokens(embed);
      case LayerNorm norm -> layerNorm(norm);
      case Linear linear -> linear(linear);
      case Attention attention -> attention(attention);
      case SelectToken select ->
          pool(select.input(), select.row(), select.row() + 1, select.output());
      case MeanTokens mean -> pool(mean.input(), mean.first(), mean.input().rows(), mean.output());
      case Average average -> average(average);
      case Copy copy -> copy(copy);
    }
  }

  private void patchEmbedding(PatchEmbedding patch) {
    if (patch.patchHeight() != patch.patchWidth() || patch.height() != patch.width()) {
      throw new BackendException(
          "tornado",
          "images of %d x %d pixels in patches of %d x %d are not square; use backend cpu"
              .formatted(patch.height(), patch.width(), patch.patchHeight(), patch.patchWidth()));
    }
    product(
        "patch_embedding",
        patch.pixels(),
        patch.weight(),
        patch.bias(),
        null,
        TornadoEpilogue.NONE,
        batch * (patch.output().rows() - patch.firstRow()),
        patch.patchHeight(),
        patch.width(),
        patch.firstRow(),
        patch.output());
  }

  private void linear(Linear linear) {
    if (linear.accumulate() && linear.activation() != Activation.IDENTITY) {
      throw new BackendException("tornado", "no kernel adds an activated product: " + linear);
    }
    if (!linear.accumulate() && linear.scale() != null) {
      throw new BackendException("tornado", "no kernel scales a product it stores: " + linear);
    }
    product(
        "linear",
        linear.input(),
        linear.weight(),
        linear.bias(),
        linear.scale(),
        linear.accumulate() ? TornadoEpilogue.RESIDUAL : epilogue(linear.activation()),
        batch * linear.input().rows(),
        0,
        0,
        0,
        linear.output());
  }

  private static int epilogue(Activation activation) {
    return switch (activation) {
      case IDENTITY -> TornadoEpilogue.NONE;
      case GELU -> TornadoEpilogue.GELU;
      case GELU_TANH -> TornadoEpilogue.GELU_TANH;
      case QUICK_GELU -> TornadoEpilogue.QUICK_GELU;
      case RELU -> TornadoEpilogue.RELU;
      case SILU -> TornadoEpilogue.SILU;
      case TANH -> TornadoEpilogue.TANH;
    };
  }

  private void product(
      String kind,
      Buffer input,
      Weight weight,
      @Nullable Weight bias,
      @Nullable Weight scale,
      int epilogue,
      int rows,
      int patch,
      int side,
      int prefix,
      Buffer output) {
    int columns = weight.rows();
    int depth = weight.columns();
    FloatArray biases = weights.bias(bias, scale, columns);
    if (target.isCpu()) {
      tasks.task(
          id(kind),
          TornadoPanelLinear::linear,
          array(input),
          weights.panels(weight, scale),
          biases,
          array(output),
          rows,
          columns,
          depth,
          epilogue,
          patch,
          side,
          prefix);
      return;
    }
    int tile = tile(rows, columns);
    tasks.task(
        grid(kind, ceil(columns, tile), ceil(rows, tile), 1, tile * tile / 64),
        TornadoLinear::linear,
        context,
        array(input),
        weights.transposed(weight, scale),
        biases,
        array(output),
        tile,
        rows,
        columns,
        depth,
        DeviceWeights.padded(columns),
        epilogue,
        patch,
        side,
        prefix);
  }

  private int tile(int rows, int columns) {
    return rows >= LARGE_TILE
            && ceil(rows, LARGE_TILE) * ceil(columns, LARGE_TILE) >= 2 * target.computeUnits()
        ? LARGE_TILE
        : SMALL_TILE;
  }

  private void embedTokens(EmbedTokens embed) {
    Buffer tokens = embed.output();
    int rows = batch * tokens.rows();
    tasks.task(
        elementwise("embed_tokens", rows * tokens.columns()),
        TornadoTokens::embed,
        context,
        array(tokens),
        weights.plain(embed.prefix()),
        plainOrNone(embed.positions()),
        rows,
        tokens.rows(),
        tokens.columns(),
        embed.prefix().rows(),
        embed.positions() == null ? 0 : 1);
  }

  private void layerNorm(LayerNorm norm) {
    tasks.task(
        grid("layer_norm", batch * norm.input().rows(), 1, 1, TornadoLayerNorm.GROUP),
        TornadoLayerNorm::layerNorm,
        context,
        array(norm.input()),
        weights.plain(norm.weight()),
        weights.plain(norm.bias()),
        array(norm.output()),
        norm.input().columns(),
        norm.eps());
  }

  private void attention(Attention attention) {
    int tokens = attention.qkv().rows();
    int biased = attention.bias() == null ? 0 : 1;
    FloatArray bias = plainOrNone(attention.bias());
    tasks.task(
        grid(
            "attention",
            ceil(tokens, TornadoAttention.QUERIES),
            batch * attention.heads(),
            ceil(attention.headSize(), TornadoAttention.DEPTH),
            TornadoAttention.GROUP),
        TornadoAttention::attention,
        context,
        array(attention.qkv()),
        bias,
        array(attention.output()),
        tokens,
        attention.heads(),
        attention.headSize(),
        biased,
        attention.scale());
  }

  private void pool(Buffer input, int from, int to, Buffer output) {
    tasks.task(
        elementwise("pool", batch * input.columns()),
        TornadoTokens::pool,
        context,
        array(input),
        array(output),
        batch,
        input.rows(),
        input.columns(),
        from,
        to);
  }

  private void average(Average average) {
    int size = batch * average.output().size();
    tasks.task(
        elementwise("average", size),
        TornadoTokens::average,
        context,
        array(average.first()),
        array(average.second()),
        array(average.output()),
        size);
  }

  private void copy(Copy copy) {
    int size = batch * copy.output().size();
    tasks.task(
        elementwise("copy", size),
        TornadoTokens::copy,
        context,
        array(copy.input()),
        array(copy.output()),
        size);
  }

  private FloatArray array(Buffer buffer) {
    FloatArray array = buffers.get(buffer);
    if (array == null) {
      throw new IllegalArgumentException("the program has no buffer " + buffer);
    }
    return array;
  }

  private String id(String kind) {
    return kind + "_" + count;
  }

  private String elementwise(String kind, int elements) {
    return grid(kind, ceil(elements, TornadoTokens.GROUP), 1, 1, TornadoTokens.GROUP);
  }

  /** Names the next task and gives it its groups. */
  private String grid(String kind, int groupsX, int groupsY, int groupsZ, int group) {
    WorkerGrid grid = new WorkerGrid3D(groupsX * group, groupsY, groupsZ);
    grid.setLocalWork(group, 1, 1);
    grids.addWorkerGrid(name + "." + id(kind), grid);
    return id(kind);
  }

  private static int ceil(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }
}
