#!/usr/bin/env python3
"""Writes small graphs as PyTorch's own exporter writes them; random weights. See README.md."""
import torch
from torch import nn

torch.manual_seed(7)
OUT = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."


def save(name, model, *inputs, batch_axis=0, opset=13, free=(), outputs=("y",), kept=True):
    """Into the folder of graphs whose rows are proved independent, or into the other one."""
    names = [f"x{i}" if len(inputs) > 1 else "x" for i in range(len(inputs))]
    axes = {n: {batch_axis: "batch", **{a: f"{n}_{a}" for a in free}} for n in names}
    axes |= {n: {batch_axis: "batch"} for n in outputs}
    torch.onnx.export(model.eval(), inputs, f"{OUT}/{'independent' if kept else 'dependent'}/{name}.onnx", input_names=names, output_names=list(outputs),
                      dynamic_axes=axes, opset_version=opset)


class View(nn.Module):
    """x.view(x.size(0), -1), as most tutorials flatten."""
    def __init__(self):
        super().__init__()
        self.conv, self.pool, self.fc = nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Linear(4 * 3 * 3, 5)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return torch.log_softmax(self.fc(x.view(x.size(0), -1)), dim=1)


class FixedView(View):
    """x.view(-1, 36): right as long as a sample has 36 numbers."""
    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.fc(x.view(-1, 36))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.body, self.head = nn.Conv2d(4, 4, 3, padding=1), nn.Linear(4, 3)

    def forward(self, x):
        x = torch.relu(self.norm(self.stem(x)))
        x = torch.relu(x + self.body(x))
        return self.head(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class Encoder(nn.Module):
    """A transformer's encoder over tokens with a padding mask, batch first."""
    def __init__(self, heads=2, width=8):
        super().__init__()
        self.heads, self.width = heads, width
        self.embed, self.place = nn.Embedding(32, width), nn.Embedding(16, width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.up, self.down, self.head = nn.Linear(width, 16), nn.Linear(16, width), nn.Linear(width, 3)

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, self.width // self.heads).permute(0, 2, 1, 3)

    def forward(self, tokens, mask):
        places = torch.arange(tokens.size(1)).unsqueeze(0).expand(tokens.size(0), -1)
        x = self.embed(tokens) + self.place(places)
        q, k, v = (self.split(part) for part in self.qkv(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-1, -2) / (self.width // self.heads) ** 0.5
        scores = scores.masked_fill((mask == 0).unsqueeze(1).unsqueeze(2), -1e9)
        y = (torch.softmax(scores, dim=-1) @ v).permute(0, 2, 1, 3).contiguous()
        x = self.norm(x + self.out(y.view(y.size(0), y.size(1), self.width)))
        x = self.norm2(x + self.down(nn.functional.gelu(self.up(x))))
        weight = mask.unsqueeze(-1).to(x.dtype)
        return self.head((x * weight).sum(1) / weight.sum(1).clamp(min=1))


class MultiHead(nn.Module):
    """PyTorch's own attention, which joins batch and heads into one dimension."""
    def __init__(self, batch_first):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=batch_first)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


class Recurrent(nn.Module):
    def __init__(self, batch_first, kind=nn.LSTM, **more):
        super().__init__()
        self.rnn = kind(3, 6, batch_first=batch_first, **more)
        self.head = nn.Linear(6 * (2 if more.get("bidirectional") else 1), 1)

    def forward(self, x):
        return self.head(self.rnn(x)[0])


class Upsample(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Conv2d(1, 2, 3, stride=2, padding=1), nn.ConvTranspose2d(2, 1, 2, stride=2)

    def forward(self, x):
        y = nn.functional.interpolate(self.down(x), scale_factor=2, mode="nearest")
        return y + self.up(self.down(x))


class Tabular(nn.Module):
    """Categories and numbers side by side."""
    def __init__(self):
        super().__init__()
        self.first, self.second, self.norm = nn.Embedding(5, 3), nn.Embedding(4, 2), nn.BatchNorm1d(4)
        self.fc = nn.Linear(9, 2)

    def forward(self, categories, numbers):
        x = torch.cat([self.first(categories[:, 0]), self.second(categories[:, 1]), self.norm(numbers)], 1)
        return torch.sigmoid(self.fc(x))


class Centred(nn.Module):
    """Takes the mean of the batch away."""
    def forward(self, x):
        return (x - x.mean(0)) / (x.std(0, unbiased=False) + 1)


class Similar(nn.Module):
    """Every row against every row."""
    def forward(self, x):
        return torch.softmax(x @ x.t(), dim=1) @ x


class Shuffle(nn.Module):
    """Channels in two halves, one of them through a convolution, then shuffled, as in ShuffleNet."""
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 2, 1)

    def forward(self, x):
        kept, other = x.chunk(2, dim=1)
        y = torch.cat((kept, self.conv(other)), dim=1)
        batch, channels, height, width = y.size()
        y = y.view(batch, 2, channels // 2, height, width)
        return torch.transpose(y, 1, 2).contiguous().view(batch, channels, height, width)


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *x):
        return self.function(*x)


r = torch.randn
save("torch_view", View(), r(2, 1, 8, 8))
save("torch_fixed_view", FixedView(), r(2, 1, 8, 8))
save("torch_mlp", nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 3), nn.Softmax(1)), r(2, 4), opset=11)
save("torch_residual", Residual(), r(2, 3, 8, 8), free=(2, 3))
save("torch_encoder", Encoder(), torch.randint(0, 32, (2, 5)), torch.ones(2, 5, dtype=torch.int64), free=(1,), opset=14)
save("torch_attention_batch_first", MultiHead(True), r(2, 5, 8), free=(1,))
save("torch_attention_time_first", MultiHead(False), r(5, 2, 8), free=(1,), kept=False)
save("torch_lstm_batch_first", Recurrent(True), r(2, 5, 3), free=(1,))
save("torch_gru_batch_first", Recurrent(True, nn.GRU, bidirectional=True), r(2, 5, 3))
save("torch_lstm_time_first", Recurrent(False), r(5, 1, 3), kept=False)
save("torch_upsample", Upsample(), r(2, 1, 8, 8))
save("torch_tabular", Tabular(), torch.randint(0, 4, (2, 2)), r(2, 4))
save("torch_centred", Centred(), r(4, 3), kept=False)
save("torch_similar", Similar(), r(4, 3), kept=False)
save("torch_cumsum", Lambda(lambda x: torch.cumsum(x, 0)), r(4, 3), kept=False)
save("torch_softmax_rows", Lambda(lambda x: torch.softmax(x, 0)), r(4, 3), kept=False)
save("torch_topk_rows", Lambda(lambda x: torch.sort(x, 0)[0]), r(4, 3), kept=False)
save("torch_flip", Lambda(lambda x: torch.flip(x, [0])), r(4, 3), kept=False)
save("torch_roll", Lambda(lambda x: torch.roll(x, 1, 0)), r(4, 3), kept=False)
save("torch_first_row", Lambda(lambda x: x - x[0]), r(4, 3), kept=False)
save("torch_count", Lambda(lambda x: x / x.size(0)), r(4, 3), kept=False)
save("torch_outer_sum", Lambda(lambda x: (x.sum(1, keepdim=True) + x.sum(1)).sum(1)), r(4, 3), kept=False)
save("torch_layer_norm_all", Lambda(lambda x: (x - x.mean()) * 2), r(4, 3), kept=False)
save("torch_attention_rows", MultiHead(True), r(5, 8), kept=False)
save("torch_encoder_layer", Lambda(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)), r(2, 5, 8), free=(1,))
save("torch_shuffle", Shuffle(), r(2, 4, 6, 6), free=(2, 3))
save("torch_lstm_unbatched", Recurrent(True), r(5, 3), kept=False)
