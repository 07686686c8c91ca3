package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The back ends. */
public interface TornadoRuntime {
  int getNumBackends();

  TornadoBackend getBackend(int index);

  TornadoVMBackendType getBackendType(int index);

  TornadoDevice getDefaultDevice();
}
