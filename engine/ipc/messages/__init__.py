"""Every message between the window (or command line) and the engine, as typed structs.

Requests go to the engine and carry a number; answers to one carry the same number. Events come
whenever something happens. Encoded as MessagePack: no pickle, so a message cannot run code.
Arrays travel as raw buffers.
"""

from __future__ import annotations

import msgspec

from engine.ipc.messages.parts import (
    Array,
    DataInfo,
    Device,
    DocumentState,
    NodeFacts,
    ProbePicture,
    Stored,
)
from engine.ipc.messages.replies import (
    AnyReply,
    DataLoaded,
    EpochEnded,
    Exported,
    Exporting,
    Failed,
    Probed,
    Progress,
    Ready,
    Reply,
    RunEnded,
    RunPaused,
    RunResumed,
    RunStarted,
    ScriptRun,
    Shapes,
    WeightsGrafted,
    WeightsLoaded,
    WeightsMatched,
    WeightsMoved,
)
from engine.ipc.messages.requests import (
    AnyRequest,
    CancelExport,
    CloseDocument,
    EditDocument,
    Export,
    GraftWeights,
    LoadData,
    LoadWeights,
    LookAgain,
    MatchWeights,
    OpenDocument,
    Pause,
    Probe,
    Request,
    Resume,
    RunScript,
    Shutdown,
    Stop,
    Train,
)

__all__ = [
    "AnyReply",
    "AnyRequest",
    "Array",
    "CancelExport",
    "CloseDocument",
    "DataInfo",
    "DataLoaded",
    "Device",
    "DocumentState",
    "EditDocument",
    "EpochEnded",
    "Export",
    "Exported",
    "Exporting",
    "Failed",
    "GraftWeights",
    "LoadData",
    "LoadWeights",
    "LookAgain",
    "MatchWeights",
    "NodeFacts",
    "OpenDocument",
    "Pause",
    "Probe",
    "ProbePicture",
    "Probed",
    "Progress",
    "Ready",
    "Reply",
    "Request",
    "Resume",
    "RunEnded",
    "RunPaused",
    "RunResumed",
    "RunScript",
    "RunStarted",
    "ScriptRun",
    "Shapes",
    "Shutdown",
    "Stop",
    "Stored",
    "Train",
    "WeightsGrafted",
    "WeightsLoaded",
    "WeightsMatched",
    "WeightsMoved",
    "decode_reply",
    "decode_request",
    "encode",
]

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[AnyRequest] = msgspec.msgpack.Decoder(AnyRequest)
_replies: msgspec.msgpack.Decoder[AnyReply] = msgspec.msgpack.Decoder(AnyReply)


def encode(message: AnyRequest | AnyReply) -> bytes:
    """Return the bytes of a message."""
    return _encoder.encode(message)


def decode_request(data: bytes) -> AnyRequest:
    """Read a request; raises `msgspec.ValidationError` on anything else."""
    return _requests.decode(data)


def decode_reply(data: bytes) -> AnyReply:
    """Read an answer or event; raises `msgspec.ValidationError` on anything else."""
    return _replies.decode(data)
