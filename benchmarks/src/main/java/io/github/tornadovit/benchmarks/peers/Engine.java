package io.github.tornadovit.benchmarks.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The engines that can be compared, each in one precision. One more is one more constant, and a
 * worker that computes in that precision: {@code peers} and {@code report} list, start, measure and
 * show it under its option's name.
 */
public enum Engine {
  /** Ours: the first, always takes part, and what the others are held to. */
  TORNADO_VIT("tornado-vit", "TornadoVitWorker", "", "f32"),
  /** ONNX Runtime through its Java binding. */
  ONNX_RUNTIME("onnxruntime", "onnxruntime.OnnxRuntimeWorker", "model.onnx", "f32"),
  /** PyTorch through DJL. */
  DJL_PYTORCH("djl-pytorch", "djl.DjlWorker", "model.pt", "f32"),
  /** PyTorch in Python. */
  PYTHON_PYTORCH("pytorch", "", "", "f32"),
  /** Ours in int8. */
  TORNADO_VIT_INT8("tornado-vit-int8", "TornadoVitWorker", "", "int8"),
  /** Ours in bfloat16, where the processor has it. */
  TORNADO_VIT_BF16("tornado-vit-bf16", "TornadoVitWorker", "", "bf16"),
  /** ONNX Runtime through its Java binding, on the dynamically quantised model. */
  ONNX_RUNTIME_INT8("onnxruntime-int8", "onnxruntime.OnnxRuntimeWorker", "model-int8.onnx", "int8"),
  /** PyTorch through DJL, on the dynamically quantised model. */
  DJL_PYTORCH_INT8("djl-pytorch-int8", "djl.DjlWorker", "model-int8.pt", "int8"),
  /** PyTorch in Python, dynamically quantised. */
  PYTHON_PYTORCH_INT8("pytorch-int8", "", "", "int8"),
  /** PyTorch through DJL, on the model in bfloat16. */
  DJL_PYTORCH_BF16("djl-pytorch-bf16", "djl.DjlWorker", "model-bf16.pt", "bf16"),
  /** PyTorch in Python, weights and activations in bfloat16. */
  PYTHON_PYTORCH_BF16("pytorch-bf16", "", "", "bf16");

  private final String option;
  private final String worker;
  private final String file;
  private final String precision;

  /**
   * An engine.
   *
   * @param option as the command line names it
   * @param worker the main class of its {@link Worker}, from this package; empty for the Python
   *     script
   * @param file that {@code export_peers.py} writes and it reads; empty if it reads the checkpoint
   * @param precision {@code f32}, {@code bf16}, {@code int8}: the worker is told, and only f32 must
   *     compute what ours does
   */
  Engine(String option, String worker, String file, String precision) {
    this.option = option;
    this.worker = worker;
    this.file = file;
    this.precision = precision;
  }

  /** As the command line names it. */
  public String option() {
    return option;
  }

  /** Whether it is tornado-vit. */
  public boolean ours() {
    return worker.equals(TORNADO_VIT.worker);
  }

  /** Of the factors of its matrix products. */
  public String precision() {
    return precision;
  }

  /** Whether it is PyTorch in Python. */
  boolean isPython() {
    return worker.isEmpty();
  }

  /** The main class of its worker; empty for a program that is not Java. */
  String workerClass() {
    return worker.isEmpty() ? "" : Engine.class.getPackageName() + "." + worker;
  }

  /** The exported file that it reads; empty for an engine that reads the checkpoint itself. */
  String file() {
    return file;
  }

  /** All but our own in float32, which takes part always. */
  public static List<Engine> optional() {
    return Arrays.stream(values()).filter(engine -> engine != TORNADO_VIT).toList();
  }

  /** The one of that name. */
  public static Optional<Engine> of(String option) {
    return Arrays.stream(values()).filter(engine -> engine.option.equals(option)).findFirst();
  }

  @Override
  public String toString() {
    return option;
  }
}
