package uk.ac.manchester.tornado.api.enums;

/** Kinds of back ends. */
public enum TornadoVMBackendType {
  OPENCL,
  METAL,
  PTX,
  CUDA,
  SPIRV,
  JAVA,
  VIRTUAL
}
