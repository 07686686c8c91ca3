package io.github.tornadovit.benchmarks.peers;

/** The engines that can be compared; ours is the first and always takes part. */
public enum Engine {
  /** Ours. */
  TORNADO_VIT("tornado-vit", "TornadoVitWorker", ""),
  /** ONNX Runtime through its Java binding. */
  ONNX_RUNTIME("onnxruntime", "onnxruntime.OnnxRuntimeWorker", "model.onnx"),
  /** PyTorch through DJL. */
  DJL_PYTORCH("djl-pytorch", "djl.DjlWorker", "model.pt"),
  /** PyTorch in Python. */
  PYTHON_PYTORCH("pytorch", "", "");

  private final String option;
  private final String worker;
  private final String file;

  Engine(String option, String worker, String file) {
    this.option = option;
    this.worker = worker;
    this.file = file;
  }

  /** As the command line names it. */
  public String option() {
    return option;
  }

  /** The main class of its worker; empty for a program that is not Java. */
  String workerClass() {
    return worker.isEmpty() ? "" : Engine.class.getPackageName() + "." + worker;
  }

  /** The exported file that it reads; empty for an engine that reads the checkpoint itself. */
  String file() {
    return file;
  }

  @Override
  public String toString() {
    return option;
  }
}
